#pragma once

/// How much there is to do, as far as that is known.

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/status.hpp"
#include "view/rates.hpp"

namespace weir::view {

/// Items that will have come to a node when the run is over.
struct Total {
  std::int64_t items = 0;
  bool is_exact = false;  ///< false: if what follows is like what was so far
};

struct Outlook {
  std::vector<std::optional<Total>> totals;  ///< by node
  std::optional<double> left;                ///< seconds until the slowest node is done
};

/// Nodes that share a limit for which items wait are taken together, with the sum of their rates.
///
/// A source's total is known if it says so, and when it has ended; that of the others follows from
/// what they have got of what they read. No time is given while anything of it is unknown, nor of a
/// run that stops.
Outlook outlook(const runtime::Status& status, const NodeRates& rates);

}  // namespace weir::view
