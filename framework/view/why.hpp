#pragma once

/// What holds a run back, in words.

#include <string>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view {

/// Something that holds a run back.
struct Finding {
  /// Where: one node, or all, in the order of the graph, that wait for the same limits that they
  /// share.
  std::vector<std::string> nodes;
  std::string text;           ///< without the nodes' names
  std::string reason;         ///< the part of it that says why: "bound by limit registry (3 slots)"
  bool is_bottleneck = true;  ///< false: what follows from others (full queues, held sources)
  std::vector<std::string> limits =
      {};  ///< those that are waited for; a function's own has its name
};

/// All that there are, in the order that is described below; none of a run that is being stopped.
std::vector<Finding> findings(const runtime::Status& status);

/// A line for each thing that holds the run back, the bottleneck first; at least one line.
///
/// A bottleneck has items piling up before it, and what is behind it idles. So, in this order:
///
/// 1. Nodes that can't begin what waits for them, where at least as many wait as are in work. What
///    is furthest downstream comes first, as what waits further up may wait because of that; but
///    not if it came at once and is gone in a fraction of the time that the others will take. Of
///    nodes in different branches, the one for which the most wait.
/// 2. Those where fewer wait, and the CPU if all workers are busy: they may only just be keeping
///    up.
/// 3. Sources from which everything that they give is begun at once.
/// 4. Nodes that work on items with nothing waiting: how long that takes is what counts. The most
///    items first.
/// 5. Items that wait for their next attempt.
/// 6. What follows from all that: full queues, and sources that are held back.
///
/// Nodes that wait for the same limit, which they share, are one thing: now the one gets what it
/// has, and now the other.
///
/// Of a run that is being stopped, it is what it waits for.
std::vector<std::string> why(const runtime::Status& status);

}  // namespace weir::view
