#pragma once

/// Which failures made a limit pause, and for how long: nothing writes that down, but it can be
/// seen from what waited.

#include <cstddef>
#include <map>
#include <utility>

#include "view/record/recording.hpp"

namespace weir::view {

/// By item and attempt, as indices into the recording: the pause from its end on.
using Throttles = std::map<std::pair<std::size_t, std::size_t>, Recording::Time>;

/// A pause that nothing waited for is not seen, and made no difference.
Throttles throttles_of(const Recording& recording);

}  // namespace weir::view
