#pragma once

/// The picture of who worked on what, at the resolution of a screen.

#include <nlohmann/json.hpp>

#include "view/record/recording.hpp"

namespace weir::view {

/// {"lanes": [{"node", "slot", "spans": [[start in ms, ms, index into items, kind]…]}],
/// "items": [text…], "hidden_lanes": N}. A kind is how an attempt ended ("done", "failed",
/// "cancelled") or "running": it had not. What is too short to be seen is drawn as one with its
/// neighbours, [start, ms, -1, the worst kind, how many they are, how many of that kind]; there are
/// 20,000 spans at most.
nlohmann::ordered_json timeline_json(const Recording& recording);

}  // namespace weir::view
