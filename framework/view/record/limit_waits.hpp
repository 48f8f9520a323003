#pragma once

/// How long items waited for limits: at which nodes, and for what.

#include <map>
#include <string_view>

#include "view/record/account.hpp"

namespace weir::view {

/// What most of those waited for that began at this node; or else a limit that it has. The limit's
/// name is empty if it has none.
Cause limit_waited_for(const GraphNode& node, const Causes& causes);

/// For one limit: at all nodes that share it, or at the one whose own it is.
struct LimitWaits {
  Recording::Time sum = 0;
  Causes causes;
  std::map<std::size_t, Recording::Time> nodes;  ///< by index
  std::int64_t never_begun = 0;  ///< items that the run left behind, or that wait still
};

struct AllLimitWaits {
  std::map<std::string_view, LimitWaits> limits;  ///< by name
  Recording::Time all = 0;                        ///< `Where::all`, and what waited and never began
};

/// The recording must outlive it.
AllLimitWaits limit_waits(const Recording& recording, const Where& where);

}  // namespace weir::view
