#pragma once

/// What held a run back, from its record.

#include <string>

#include "view/record/account.hpp"

namespace weir::view {

/// A node, and a sentence. Empty where nothing is known.
struct Bottleneck {
  std::string node;
  std::string text;
};

/// The limit that items waited for most, those included that had not begun when the run died or was
/// looked at; or else the node before which most waited, or which had the most work.
Bottleneck bottleneck_of(const Recording& recording, const Where& where);

}  // namespace weir::view
