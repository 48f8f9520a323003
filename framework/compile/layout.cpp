#include "compile/layout.hpp"

#include <algorithm>

namespace weir::compile {
namespace {

/// Fused nodes call each other: this bounds how deep.
constexpr int kLongestFusion = 16;

bool computes_freely(const PlannedNode& node) {
  return node.type->kind != abi::Kind::source && node.type->kind != abi::Kind::queue &&
         node.work == abi::Work::computes && !node.limit;
}

Entry entry_of(const Plan& plan, const PlannedNode& node) {
  if (node.type->kind == abi::Kind::source) return Entry::source;
  if (node.type->kind == abi::Kind::queue) return Entry::queue;
  if (!node.limit) return Entry::direct;
  const bool reads_queue =
      std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::uint32_t input) {
        return plan.nodes[plan.edges[input].from].type->kind == abi::Kind::queue;
      });
  if (node.work != abi::Work::computes) return Entry::gated;
  return reads_queue && node.explicit_limit ? Entry::gated : Entry::limited;
}

}  // namespace

void lay_out(Plan& plan) {
  std::vector<int> length(plan.nodes.size(), 1);  // of the fused row that ends in each node
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    PlannedNode& node = plan.nodes[i];
    node.entry = entry_of(plan, node);
    if (node.entry != Entry::direct || !computes_freely(node) || node.inputs.size() != 1) continue;
    const PlannedEdge& edge = plan.edges[node.inputs[0]];
    const PlannedNode& before = plan.nodes[edge.from];
    // Behind a node that makes many items of one, a task of its own lets other workers take them.
    if (!computes_freely(before) || before.type->expands) continue;
    if (before.ports[edge.port].readers.size() != 1 || before.ports[edge.port].name == "failed") {
      continue;
    }
    if (length[edge.from] == kLongestFusion) continue;
    length[i] = length[edge.from] + 1;
    node.entry = Entry::fused;
  }
}

}  // namespace weir::compile
