#pragma once

/// How fast nodes get through their items.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view {

/// From the statuses of one run, which come in the order of time.
class NodeRates {
 public:
  void note(const runtime::Status& status);

  /// Items of a node (by its index in the status) that come to an end in a second: over the last
  /// minute, or else over all the time since its first item came. nullopt: none has ended.
  std::optional<double> of(std::size_t node) const;

 private:
  struct Sample {
    double seconds = 0;
    std::vector<std::int64_t> ended;
  };

  std::deque<Sample> past_;  // from time to time
  Sample now_;
  /// Of a node, when its first item was seen to have come.
  struct Begin {
    double seconds = 0;
    std::int64_t ended = 0;  ///< items, by then
  };
  std::vector<std::optional<Begin>> began_;
};

}  // namespace weir::view
