#pragma once

/// Where the time of items went: from the end of what an item came of to its own end, without gaps.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "view/record/cause.hpp"
#include "view/record/open_waits.hpp"
#include "view/record/recording.hpp"

namespace weir::view {

/// A stretch of an item's time.
struct Part {
  Cause cause;
  std::size_t attempt = 0;  ///< index into the item's
  Recording::Time begin = 0;
  Recording::Time end = 0;
};

/// Says what the time of each item was spent on. The recording must outlive it.
class Account {
 public:
  explicit Account(const Recording& recording);

  /// Of an item of the recording. One behind another, each where the last one ends; none is empty.
  /// So they sum up to the time of the item, and those of a row of items that came of each other to
  /// the time of the row.
  std::vector<Part> parts(const Recording::Item& item) const;
  const OpenWaits& open_waits() const { return open_waits_; }

 private:
  Cause::Kind way_to(const Recording::Item& item) const;

  const Recording& recording_;
  const std::vector<std::optional<std::int64_t>> capacities_;  // before each node
  const OpenWaits open_waits_;
};

/// Those included that had not begun when the run died or was looked at.
struct Where {
  std::vector<Causes> nodes;  ///< in the order of the graph
  Recording::Time all = 0;
  std::vector<NeverBegun> never_begun;  ///< of each node; empty: of none
};

/// The recording must outlive it.
Where where_time_went(const Recording& recording);

}  // namespace weir::view
