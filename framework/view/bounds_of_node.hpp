#pragma once

/// Why a node does not begin what waits for it, in words.

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/status.hpp"
#include "view/node_counts.hpp"

namespace weir::view {

/// How many it may have in work, if it is known: not of a limit that others have a part of.
std::optional<std::int64_t> most_running(const runtime::Status& status,
                                         const runtime::NodeStatus& node);

/// "3 of 3 running", "2 running", "none running". Of how many, if it is known.
std::string running_text(const runtime::Status& status, const runtime::NodeStatus& node);

/// "bound by limit registry (3 slots)", "paused for 21.0s more by a throttle"…; several are joined.
/// Empty: no limit holds it back.
std::string limits_text(const runtime::Status& status, const runtime::NodeStatus& node);

}  // namespace weir::view
