#pragma once

/// How long items waited for limits: at which nodes, and for what.

#include <map>
#include <string_view>

#include "view/record/account.hpp"

namespace weir::view {

/// For one limit: at all nodes that share it, or at the one whose own it is.
struct LimitWaits {
  Recording::Time sum = 0;
  Causes causes;
  std::map<std::size_t, Recording::Time> nodes;  ///< by index
  std::int64_t never_begun = 0;  ///< items that the run left behind, or that wait still
};

/// By the limit's name.
using AllLimitWaits = std::map<std::string_view, LimitWaits>;

/// The recording that it is of must outlive it.
AllLimitWaits limit_waits(const Where& where);

}  // namespace weir::view
