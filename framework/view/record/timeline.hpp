#pragma once

/// The picture of who worked on what, at the resolution of a screen.

#include <nlohmann/json.hpp>

#include "view/record/recording.hpp"

namespace weir::view {

/// {"lanes": [{"node", "slot", "spans": [[start in ms, ms, index into items or -1, kind]…]}],
/// "items": [text…], "hidden_lanes": N}. What is too short to be seen is drawn as one with its
/// neighbours; there are 20,000 spans at most.
nlohmann::ordered_json timeline_json(const Recording& recording);

}  // namespace weir::view
