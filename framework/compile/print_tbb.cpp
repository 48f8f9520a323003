#include <fmt/format.h>

#include "compile/inputs_text.hpp"
#include "compile/plan.hpp"
#include "compile/table.hpp"

namespace weir::compile {
namespace {

bool is_station(const PlannedNode& node) {
  return node.type->kind == abi::Kind::function && node.work != abi::Work::computes;
}

/// A function that waits or blocks is no node of oneTBB's: "gate(3) of 'registry' -> coroutine".
std::string station_text(const Plan& plan, const PlannedNode& node) {
  std::string names;
  for (const std::uint32_t limit : node.limits) {
    names += fmt::format("{}'{}'", names.empty() ? " of " : " and ", plan.limits[limit].name);
  }
  std::string gate;
  if (node.limit) {
    gate = fmt::format("gate({}){} -> ", *node.limit, names);
  } else if (!names.empty()) {
    gate = fmt::format("gate{} -> ", names);
  }
  return gate + (node.work == abi::Work::waits ? "coroutine" : "thread that may block");
}

/// What stands in front of a gated or limited node, and the node.
std::string tbb_text(const Plan& plan, const PlannedNode& node) {
  if (is_station(node)) return station_text(plan, node);
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
          } else if (is_station(node_behind)) {
            to += fmt::format("{}waits at the gate of '{}'", to.empty() ? "" : "; ",
                              node_behind.name);
          } else {
            to += fmt::format("{}queue_node (for '{}')", to.empty() ? "" : "; ", node_behind.name);
          }
        }
      }
      if (node.capacity && !to.empty()) to += fmt::format(", {} items at most", *node.capacity);
      return to.empty() ? "nothing: nobody reads it" : to;
    }
    case Entry::direct:
      return "function_node(unlimited)";
    case Entry::limited:
      return fmt::format("function_node({}, queueing)", *node.limit);
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
      return fmt::format("{} -> limiter_node({}) -> function_node(unlimited) -> decrementer",
                         queues, *node.limit);
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
