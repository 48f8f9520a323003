#pragma once

/// What the time of items is spent on.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "view/record/recording.hpp"

namespace weir::view {

/// What time was spent on.
struct Cause {
  enum class Kind : std::uint8_t {
    handed_on,  ///< on its way from what it came of, nodes that compute included
    ordered,    ///< the same, where it had to take its turn
    queue,      ///< the same, where it had to wait for room in a queue; or its node had to
    limit,      ///< waits for slots of `Cause::limit`; the next three: for what else that has
    memory,
    rate,
    pause,
    worker,  ///< waits for a thread
    run,
    back_off,
  };

  Kind kind = Kind::run;
  std::string_view limit = {};  ///< its name, in the recording; empty where there is none

  friend auto operator<=>(const Cause&, const Cause&) = default;
};

/// "run", "limit registry", "back-off"…
std::string to_string(const Cause& cause);

/// From `held_for` and `held_by` of an attempt, which must outlive it; nullopt: it did not wait.
std::optional<Cause> wait_for(std::string_view held_for, std::string_view held_by);
/// Whether it is a wait for a limit, whatever that had too little of.
bool is_of_limit(Cause::Kind kind);

using Causes = std::map<Cause, Recording::Time>;

/// The limit that was waited for most, and for what of it; or else one that the node has. The
/// limit's name is empty if it has none.
Cause limit_waited_for(const GraphNode& node, const Causes& causes);

}  // namespace weir::view
