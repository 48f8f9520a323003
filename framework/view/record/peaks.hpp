#pragma once

/// The most that was in work at each node of a recorded run, and that waited.

#include <cstdint>
#include <optional>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

struct Peaks {
  std::int64_t running = 0, waiting = 0;
};

/// Of each node. As the summary has it; without one from the attempts, and of what had not begun,
/// which has none, from the samples. nullopt: no attempts are known of it either.
std::vector<std::optional<Peaks>> peaks_of(const Recording& recording);

}  // namespace weir::view
