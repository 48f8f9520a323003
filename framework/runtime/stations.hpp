#pragma once

/// All functions of a run that wait or block, and what they share.

#include <cstddef>
#include <memory>
#include <vector>

#include "compile/plan.hpp"
#include "runtime/admission.hpp"
#include "runtime/limit_plan.hpp"
#include "runtime/records.hpp"
#include "runtime/station.hpp"
#include "runtime/status.hpp"
#include "runtime/thread_pool.hpp"

namespace weir::runtime {

class Stations {
 public:
  static bool is_station(const compile::PlannedNode& planned);

  /// `nodes` are the plan's. All must outlive it.
  Stations(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes,
           const RecordOptions& records, Clock& clock, Executor& executor);

  /// Of a function that waits or blocks, by its index in the plan; else null.
  Station* of(std::size_t node) const { return stations_[node].get(); }

  /// What waits there is not begun any more.
  void stop() noexcept;
  /// What is known of them and of their limits, to a status that has all nodes.
  void add_to(Status& status) const;
  /// Of its limits those that somebody waits for, and those whose slots have been changed: without
  /// those who hold them, and of many keys the ones that most wait for.
  std::vector<LimitStatus> limits_of_note() const;
  /// See LiveRun.
  std::string set_slots(const std::string& limit, std::int64_t slots);
  /// Writes down which items of earlier runs are of the run no more: what they came of has been
  /// done again, and has not given them out. `is_whole`: or they have not come, for whatever reason
  /// but a failure.
  void note_gone(bool is_whole) const;
  /// How many items of a node were done in an earlier run, and not again.
  std::int64_t done_before(std::size_t node) const;
  /// How many items of a node wait for their next attempt.
  std::int64_t backing_off(std::size_t node) const;

 private:
  /// What it is known to have done goes on as it ended.
  void keep_old_order(Node& node, Station& station, Clock& clock, Executor& executor);
  bool is_gone(const journal::Row& row, bool is_whole) const;
  bool has_come(const journal::Row& row) const;
  void follow_failures(Node& node);
  LimitStatus limit_status(std::size_t group, std::size_t index) const;
  void add_holders(LimitStatus& limit) const;

  const compile::Plan& plan_;
  RunRecords run_records_;
  const LimitPlan limits_;
  std::vector<std::unique_ptr<Admission>> admissions_;  // by group
  // By node; null where it is no such function.
  std::vector<std::unique_ptr<StationRecords>> records_;
  std::vector<std::unique_ptr<Station>> stations_;
  std::vector<std::unique_ptr<ThreadPool>> pools_;  // the last: their threads use all of the others
};

}  // namespace weir::runtime
