#pragma once

/// Why a node does not begin what waits for it, in words.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/status.hpp"
#include "view/node_counts.hpp"

namespace weir::view {

/// What holds back those who wait at a limit; the first that is true.
enum class HeldFor : std::uint8_t { pause, zero, slots, memory, rate, turn };

HeldFor held_for(const runtime::LimitStatus& limit, const runtime::LimitState& state);

/// Whether items of this node wait there.
bool waits_at(const std::string& node, const runtime::LimitState& state);

/// How many it may have in work, if it is known: not of a limit that others have a part of.
std::optional<std::int64_t> most_running(const runtime::Status& status,
                                         const runtime::NodeStatus& node);

/// "3 of 3 running", "2 running", "none running". Of how many, if it is known.
std::string running_text(const runtime::Status& status, const runtime::NodeStatus& node);

/// "bound by limit registry (3 slots)", "paused for 21.0s more by a throttle"…; several are joined.
/// Empty: no limit holds it back. What nodes other than `itself` hold of a limit is said.
std::string limits_text(const runtime::Status& status, const runtime::NodeStatus& node,
                        const std::vector<std::string>& itself);
std::string limits_text(const runtime::Status& status, const runtime::NodeStatus& node);
/// Without what is so at this moment only: who holds how much, when the next one may start.
std::string lasting_limits_text(const runtime::Status& status, const runtime::NodeStatus& node);

/// The names of the limits that it waits for; its own one has the node's name.
std::vector<std::string> limits_waited_for(const runtime::Status& status,
                                           const runtime::NodeStatus& node);

/// Whether items of both wait at the same limit, and for the same key if it has keys.
bool wait_together(const runtime::Status& status, const runtime::NodeStatus& a,
                   const runtime::NodeStatus& b);

}  // namespace weir::view
