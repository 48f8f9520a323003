#include <fmt/format.h>

#include "compile/inputs_text.hpp"
#include "compile/plan.hpp"
#include "compile/table.hpp"

namespace weir::compile {
namespace {

/// " -> gate of 'registry' and 'network'"
std::string named_limits(const Plan& plan, const PlannedNode& node) {
  std::string to;
  for (const std::uint32_t limit : node.limits) {
    to += fmt::format("{}'{}'", to.empty() ? " -> gate of " : " and ", plan.limits[limit].name);
  }
  return to;
}

/// What stands in front of a gated or limited node, and the node.
std::string tbb_text(const Plan& plan, const PlannedNode& node) {
  const std::string body = node.work == abi::Work::computes ? "function_node" : "async_node";
  switch (node.entry) {
    case Entry::source:
      return node.work == abi::Work::blocks
                 ? "a thread of its own, bounded by what it may have in flight"
                 : "input_node, bounded by what it may have in flight";
    case Entry::queue: {
      std::string to;
      for (const PlannedPort& port : node.ports) {
        for (const std::uint32_t reader : port.readers) {
          const PlannedNode& node_behind = plan.nodes[plan.edges[reader].to];
          if (node_behind.type->kind == abi::Kind::queue) {
            to += fmt::format("{}straight into '{}'", to.empty() ? "" : "; ", node_behind.name);
          } else {
            to += fmt::format("{}queue_node (for '{}')", to.empty() ? "" : "; ", node_behind.name);
          }
        }
      }
      if (node.capacity && !to.empty()) to += fmt::format(", {} items at most", *node.capacity);
      return to.empty() ? "nothing: nobody reads it" : to;
    }
    case Entry::direct:
      return body + "(unlimited)";
    case Entry::limited:
      return fmt::format("{}({}, queueing)", body, *node.limit);
    case Entry::fused:
      return fmt::format("in the task of '{}'", plan.nodes[plan.edges[node.inputs[0]].from].name);
    case Entry::gated: {
      std::string queues;
      bool own = false;
      for (const std::uint32_t input : node.inputs) {
        const PlannedNode& from = plan.nodes[plan.edges[input].from];
        if (from.type->kind == abi::Kind::queue) {
          queues += fmt::format("{}queue_node (of '{}')", queues.empty() ? "" : " + ", from.name);
        } else {
          own = true;
        }
      }
      if (own) queues += queues.empty() ? "queue_node" : " + queue_node";
      const std::string own_limit =
          node.limit ? fmt::format(" -> limiter_node({})", *node.limit) : "";
      return fmt::format("{}{}{} -> {}(unlimited){}", queues, own_limit, named_limits(plan, node),
                         body, node.limit ? " -> decrementer" : "");
    }
  }
  return "";
}

/// What comes behind the node itself.
std::string after_text(const PlannedNode& node) {
  std::string to;
  if (node.ordered) to += ", put back in order";
  if (node.type->collects) to += ", then input_node when its input has ended";
  return to;
}

}  // namespace

std::string print_tbb(const Plan& plan) {
  std::vector<TableRow> rows;
  for (const PlannedNode& node : plan.nodes) {
    rows.push_back({node.name, node.inputs.empty() ? "" : "<- " + inputs_text(plan, node),
                    tbb_text(plan, node) + after_text(node)});
  }
  return fmt::format("{} ({}) on oneTBB's flow graph\n{}", plan.name, plan.file, table(rows));
}

}  // namespace weir::compile
