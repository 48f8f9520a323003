#pragma once

/// What held a run back, from its record.

#include <vector>

#include "view/bottleneck.hpp"
#include "view/record/account.hpp"

namespace weir::view {

/// What did so, for the longest time first: found as in a run that goes on (`HeldBack`) from how it
/// stood at its samples, and how long items waited for that in all, those included that had not
/// begun when the run died or was looked at. Without samples: what items waited for most. None
/// where nothing is known.
std::vector<Bottleneck> bottlenecks_of(const Recording& recording, const Where& where);

/// The first of them, if there is one.
Bottleneck bottleneck_of(const Recording& recording, const Where& where);

}  // namespace weir::view
