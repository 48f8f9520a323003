#pragma once

/// How nodes stand.

#include <memory>
#include <vector>

#include "runtime/node.hpp"
#include "runtime/status.hpp"

namespace weir::runtime {

/// A run's status as far as its nodes know it: names and counts.
Status status_of(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes);

/// What lies in the queues before a node, for it.
std::int64_t queued_for(const Node& node);

}  // namespace weir::runtime
