#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/node.hpp>

#include "nodes/aggregate/numbers.hpp"
#include "nodes/aggregate/run_file.hpp"
#include "nodes/aggregate/sort_buffer.hpp"
#include "nodes/by.hpp"

namespace weir::nodes {

/// Sorts in `memory`. What doesn't fit is written, sorted, to a temporary file, run by run, and
/// merged in the end.
struct Sort {
  By by;
  bool numeric = false;
  bool descending = false;
  bool unique = false;
  Size memory{std::uint64_t{64} << 20};

  static void describe(Describe<Sort>& d);
  std::string output_type(std::string_view input) const;
  void start() { buffer_ = SortBuffer(memory.bytes); }
  void operator()(Item item, Host& host);
  bool next(Out<Item>& out, Host& host);
  void finish(Outcome outcome);

 private:
  enum class Phase { takes, merges_some, gives_memory, gives_runs };

  std::string_view key_of(const Item& item);
  SortItem read(const Item& item);
  void keep(const SortItem& item);
  void spill();
  void merge_some(Host& host);
  std::size_t most_at_once() const;
  bool is_new(const SortItem& item);
  void give(const SortItem& item, Out<Item>& out) const;

  Phase phase_ = Phase::takes;
  SortBuffer buffer_;
  RunFile file_;
  std::vector<SortedRun> runs_;
  RunFile merged_file_;  // where runs are merged to, as long as they are too many
  std::vector<SortedRun> merged_runs_;
  std::optional<Merger> merger_;
  std::size_t given_ = 0;  // of the buffer
  std::optional<std::string> last_key_;
  std::string broken_;  // why the run fails
  std::string key_;
  std::string value_;
  std::string scratch_;
};

}  // namespace weir::nodes
