#include "runtime/status_of.hpp"

#include <algorithm>

#include "compile/registry.hpp"

namespace weir::runtime {
namespace {

/// In its accounts a queue is done with what its readers' queues have. To who looks at the run,
/// what lies there is not done yet.
std::int64_t done_of(const Node& node, const Counts& counts) {
  std::int64_t done = counts.done;
  for (const Accounts& lying : node.lying) done = std::min(done, lying.read().done);
  return done;
}

}  // namespace

std::int64_t queued_for(const Node& node) {
  std::int64_t queued = 0;
  for (const Node* const from : node.reads) {
    if (!from->is_queue()) continue;
    const std::vector<Edge>& readers = from->ports[0];
    for (std::size_t i = 0; i < readers.size(); ++i) {
      if (readers[i].to == &node) queued += from->lying[i].waiting();
    }
  }
  return queued;
}

Status status_of(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes) {
  Status status;
  status.pipeline = plan.name;
  for (const auto& node : nodes) {
    const compile::PlannedNode& planned = node->planned;
    NodeStatus& of = status.nodes.emplace_back();
    of.name = planned.name;
    of.kind = compile::to_string(planned.type->kind);
    of.type = planned.type->name;
    if (!node->is_queue()) of.work = compile::to_string(planned.work);
    for (const Node* const read : node->reads) {
      const std::string& name = read->planned.name;
      if (std::find(of.reads.begin(), of.reads.end(), name) == of.reads.end()) {
        of.reads.push_back(name);
      }
    }
    if (planned.type->kind != abi::Kind::source) of.limit = planned.limit;
    for (const std::uint32_t limit : planned.limits) of.limits.push_back(plan.limits[limit].name);
    of.capacity = planned.capacity;
    const Counts counts = node->counts();
    of.in = counts.in;
    of.done = done_of(*node, counts);
    of.failed = counts.failed;
    of.cancelled = counts.cancelled;
    of.running = std::max<std::int64_t>(0, counts.running);
    if (planned.type->kind != abi::Kind::source) {
      if (!node->is_queue()) of.peak_running = counts.peak_running;
      of.peak_waiting = counts.peak_waiting;
    }
    if (node->is_queue()) {
      for (const Accounts& lying : node->lying) of.waiting = std::max(of.waiting, lying.waiting());
    } else {
      of.queued = queued_for(*node);
      of.waiting = std::max<std::int64_t>(0, node->accounts.waiting() - of.queued);
    }
  }
  return status;
}

}  // namespace weir::runtime
