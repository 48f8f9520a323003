#pragma once

/// What holds a run back, in words.

#include <string>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view {

/// Something that holds a run back.
struct Finding {
  std::string node;           ///< where
  std::string text;           ///< without the node's name
  std::string reason;         ///< the part of it that says why: "bound by limit registry (3 slots)"
  bool is_bottleneck = true;  ///< false: what follows from others (full queues, held sources)
};

/// All that there are, in the order that is described below; none of a run that is being stopped.
std::vector<Finding> findings(const runtime::Status& status);

/// A line for each thing that holds the run back, the bottleneck first; at least one line.
///
/// A bottleneck has items piling up before it, and what is behind it idles. So, in this order:
///
/// 1. Nodes that can't begin what waits for them, where at least as many wait as are in work. What
///    is furthest downstream comes first, as what waits further up may wait because of that; of
///    nodes in different branches, the one for which the most wait.
/// 2. Those where fewer wait, and the CPU if all workers are busy: they may only just be keeping
///    up.
/// 3. Sources from which everything that they give is begun at once.
/// 4. Nodes that work on items with nothing waiting: how long that takes is what counts. The most
///    items first.
/// 5. Items that wait for their next attempt.
/// 6. What follows from all that: full queues, and sources that are held back.
///
/// Of a run that is being stopped, it is what it waits for.
std::vector<std::string> why(const runtime::Status& status);

}  // namespace weir::view
