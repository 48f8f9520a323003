#pragma once

/// What is written down of a run as a whole, beside what its functions write of their items.

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include <weir/summary.hpp>

#include "compile/plan.hpp"
#include "runtime/batch_log.hpp"
#include "runtime/sampler.hpp"

namespace weir::runtime {

class RunJournal {
 public:
  /// Opens the journal, if the options name a place for it, and notes that the run begins. What is
  /// in the way of that is an error of the run. All must outlive it.
  RunJournal(const compile::Plan& plan, const RecordOptions& options, int threads,
             Control& control);

  /// Null: nothing is written down.
  journal::Journal* journal() { return journal_ ? &*journal_ : nullptr; }
  /// Whether a later run can go on from what is written down.
  bool is_resumable() const;

  /// Takes samples of the graph, as long as that and the sampler are there. Null: none are taken.
  std::unique_ptr<Sampler> watch(const Graph& graph);
  /// Waits until all is written. An error is one of the run.
  void flush();
  /// Waits until that is written, too.
  void note_end(const RunSummary& summary);

 private:
  void forget_summary();

  const compile::Plan& plan_;
  const RecordOptions& options_;
  nlohmann::ordered_json run_;  // what is known of it
  Control& control_;
  BatchLog batches_;
  std::optional<journal::Journal> journal_;
};

}  // namespace weir::runtime
