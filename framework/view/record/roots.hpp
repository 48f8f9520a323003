#pragma once

/// When a source would have given its items if nothing had held it back.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

/// An item that came of no other that is known.
struct Root {
  std::size_t item = 0;
  Recording::Time after = 0;  ///< the one before; 0 where it had been held back
};

/// Of each node, in the order in which they came.
std::vector<std::vector<Root>> roots_of(const Recording& recording);

/// What the sources may have in flight: the most that one of them may.
std::int64_t most_in_flight(const Recording& recording);

}  // namespace weir::view
