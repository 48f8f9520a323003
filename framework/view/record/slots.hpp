#pragma once

/// What is asked of a replay.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "view/record/recording.hpp"

namespace weir::view {

/// Slots by the name of a limit, or of a function for its own; nullopt: unlimited.
using Slots = std::map<std::string, std::optional<std::int64_t>>;

/// "registry=5", "push=unlimited". Throws std::invalid_argument with a message for the user, also
/// if the recording has no limit or function of that name.
void read_slots(const Recording& recording, const std::string& text, Slots& slots);

}  // namespace weir::view
