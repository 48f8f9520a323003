#include "compile/bounds.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include <weir/units.hpp>

#include "compile/table.hpp"

namespace weir::compile {
namespace {

/// Where what a node gives out may come from.
struct Origin {
  std::set<std::uint32_t> sources;    ///< nodes with a credit of their own
  std::set<std::uint32_t> expanding;  ///< nodes in between that make many items of one
};

/// For every node, of what it gives out. What a collector gives out is its own.
std::vector<Origin> origins(const Plan& plan) {
  std::vector<Origin> origins(plan.nodes.size());
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i) {
    const PlannedNode& node = plan.nodes[i];
    Origin& origin = origins[i];
    if (node.inputs.empty() || node.type->collects) origin.sources.insert(i);
    for (const std::uint32_t input : node.inputs) {
      const Origin& from = origins[plan.edges[input].from];
      origin.sources.insert(from.sources.begin(), from.sources.end());
      origin.expanding.insert(from.expanding.begin(), from.expanding.end());
    }
    if (node.type->expands && !node.type->collects) origin.expanding.insert(i);
  }
  return origins;
}

std::int64_t items_of(const Plan& plan, const Origin& origin) {
  std::int64_t items = 0;
  for (const std::uint32_t source : origin.sources) items += plan.nodes[source].max_items;
  return items;
}

}  // namespace

Bounds bounds_of(const Plan& plan) {
  Bounds bounds;
  const std::vector<Origin> of = origins(plan);
  for (const PlannedEdge& edge : plan.edges) {
    const PlannedNode& from = plan.nodes[edge.from];
    const std::string& port = from.ports[edge.port].name;
    EdgeBound& bound = bounds.edges.emplace_back();
    bound.from = from.name + (port == "out" ? "" : "." + port);
    bound.to = plan.nodes[edge.to].name;
    bound.items = items_of(plan, of[edge.from]);
    if (from.capacity && plan.nodes[edge.to].type->kind != abi::Kind::queue) {
      bound.items = std::min(bound.items, *from.capacity);
      continue;
    }
    if (port == "failed") continue;  // one for each item that it took
    for (const std::uint32_t node : of[edge.from].expanding) {
      bound.expanding.push_back(plan.nodes[node].name);
    }
  }
  for (const PlannedNode& node : plan.nodes) {
    if (node.inputs.empty() || node.type->collects) bounds.bytes += node.max_bytes;
    if (node.type->expands && !node.type->collects) {
      bounds.warnings.push_back(fmt::format(
          "'{0}' may make any number of items of one: behind it there is no fixed bound, but its "
          "source pauses as long as more is in flight than it may have (a queue behind '{0}' with "
          "a 'capacity' bounds what lies there)",
          node.name));
    }
    if (node.type->collects) {
      bounds.warnings.push_back(fmt::format(
          "'{}' keeps items until its input ends: how much it holds is up to the node type '{}'",
          node.name, node.type->name));
    }
  }
  return bounds;
}

std::string print(const Bounds& bounds) {
  std::vector<TableRow> rows;
  for (const EdgeBound& edge : bounds.edges) {
    std::string most = fmt::format("at most {} item{}", edge.items, edge.items == 1 ? "" : "s");
    if (!edge.expanding.empty()) {
      most += fmt::format(", and what '{}' make{} of those in work",
                          fmt::join(edge.expanding, "', '"), edge.expanding.size() == 1 ? "s" : "");
    }
    rows.push_back({edge.from, "-> " + edge.to, most});
  }
  return table(rows) +
         fmt::format("  in flight, all together: at most {}, and one batch of each source\n",
                     format_size({static_cast<std::uint64_t>(bounds.bytes)}));
}

}  // namespace weir::compile
