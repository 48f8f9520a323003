#pragma once

/// Which permit an attempt had, so to speak: at each node, the smallest number that was free when
/// it began.

#include <cstddef>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

/// The work on an item, in a lane of its node.
struct LaneSpan {
  std::size_t item = 0;  ///< index into the recording's items
  std::size_t attempt = 0;
  Recording::Time begin = 0;
  Recording::Time end = 0;
};

/// Spans of a lane don't overlap, and stand in the order of time.
using Lane = std::vector<LaneSpan>;

/// Of each node, in the order of the graph; as many lanes as ran at once.
std::vector<std::vector<Lane>> lanes_of(const Recording& recording);

}  // namespace weir::view
