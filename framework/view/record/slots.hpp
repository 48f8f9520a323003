#pragma once

/// What is asked of a replay.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

/// Slots by the name of a limit, or of a function for its own; nullopt: unlimited.
using Slots = std::map<std::string, std::optional<std::int64_t>>;

/// "registry=5", "push=unlimited". Throws std::invalid_argument with a message for the user, also
/// if the recording has no limit with slots, and no function that waits, of that name.
void read_slots(const Recording& recording, const std::string& text, Slots& slots);

/// While the run went on, by `weir limit`.
struct SlotsChange {
  Recording::Time at = 0;
  std::string limit;
  std::int64_t slots = 0;
};

/// As far as samples tell: when is known to within the time between two of them.
std::vector<SlotsChange> changes_of_slots(const Recording& recording);

}  // namespace weir::view
