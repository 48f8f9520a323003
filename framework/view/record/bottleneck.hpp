#pragma once

/// What held a run back, from its record.

#include "view/bottleneck.hpp"
#include "view/record/account.hpp"

namespace weir::view {

/// The limit that items waited for most, those included that had not begun when the run died or was
/// looked at, with all nodes that a twentieth of that time was spent at; or else the node before
/// which most waited, or which had the most work. None where nothing is known.
Bottleneck bottleneck_of(const Recording& recording, const Where& where);

}  // namespace weir::view
