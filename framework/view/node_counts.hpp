#pragma once

/// What the counts of a node say.

#include <algorithm>
#include <cstdint>

#include "runtime/status.hpp"

namespace weir::view {

/// Items are in work at it; the others only make them, or keep them.
inline bool works(const runtime::NodeStatus& node) {
  return node.kind == "function" || node.kind == "sink";
}

/// Items that came to it, or lie in a queue before it, and are not in work: what every view shows
/// as waiting.
inline std::int64_t pending(const runtime::NodeStatus& node) { return node.waiting + node.queued; }

/// Items that have come to their end at it, whichever; of a source: that it has made; of a queue:
/// that have left it.
inline std::int64_t ended(const runtime::NodeStatus& node) {
  if (node.kind == "source") return node.in;
  return node.done + node.failed + node.cancelled;
}

/// Of a queue: it takes nothing more.
inline bool is_full(const runtime::NodeStatus& node) {
  return node.capacity && node.waiting >= *node.capacity;
}

/// One of its readers is a queue that takes nothing more.
inline bool gives_to_full_queue(const runtime::Status& status, const runtime::NodeStatus& node) {
  return std::any_of(
      status.nodes.begin(), status.nodes.end(), [&](const runtime::NodeStatus& queue) {
        return is_full(queue) &&
               std::find(queue.reads.begin(), queue.reads.end(), node.name) != queue.reads.end();
      });
}

}  // namespace weir::view
