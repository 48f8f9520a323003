#pragma once

/// Items at nodes that wait, or that block.

#include <functional>

#include "runtime/executor.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {

/// Begins work on a message's one item at a node that waits; returns at once. The permit is held
/// until the item has ended; then `ended` is called, once, the last thing that happens.
void begin_waiting(Node& node, Message message, Permit permit, Executor& executor,
                   std::function<void()> ended) noexcept;

/// Works on a message's one item at a node that blocks, in the calling thread.
void work_blocking(Node& node, Message message, Permit permit) noexcept;

}  // namespace weir::runtime
