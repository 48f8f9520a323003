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
  if (!node.limits.empty()) return Entry::gated;
  if (!node.limit) return Entry::direct;
  const bool reads_queue =
      std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::uint32_t input) {
        return plan.nodes[plan.edges[input].from].type->kind == abi::Kind::queue;
      });
  // A full queue holds the permits of those that write to it: they need a gate.
  const bool fills_a_queue =
      std::any_of(node.ports.begin(), node.ports.end(), [&](const PlannedPort& port) {
        return std::any_of(port.readers.begin(), port.readers.end(), [&](std::uint32_t reader) {
          return plan.nodes[plan.edges[reader].to].capacity.has_value();
        });
      });
  if (node.work != abi::Work::computes || fills_a_queue) return Entry::gated;
  return reads_queue && node.explicit_limit ? Entry::gated : Entry::limited;
}

/// What a node has to know of those behind it. The end of the input matters at collectors, and at
/// all that is before them.
void look_ahead(Plan& plan) {
  for (std::size_t i = plan.nodes.size(); i-- > 0;) {
    PlannedNode& node = plan.nodes[i];
    node.end_matters = node.type->collects;
    if (node.capacity) node.smallest_capacity = std::min(kMaxItems, *node.capacity);
    for (const PlannedPort& port : node.ports) {
      for (const std::uint32_t reader : port.readers) {
        const PlannedNode& behind = plan.nodes[plan.edges[reader].to];
        node.end_matters |= behind.end_matters;
        node.smallest_capacity = std::min(node.smallest_capacity, behind.smallest_capacity);
      }
    }
  }
}

}  // namespace

void lay_out(Plan& plan) {
  look_ahead(plan);
  std::vector<int> length(plan.nodes.size(), 1);  // of the fused row that ends in each node
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    PlannedNode& node = plan.nodes[i];
    node.entry = entry_of(plan, node);
    if (node.entry != Entry::direct || !computes_freely(node) || node.inputs.size() != 1) continue;
    const PlannedEdge& edge = plan.edges[node.inputs[0]];
    const PlannedNode& before = plan.nodes[edge.from];
    // Behind a node that makes many items of one, a task of its own lets other workers take them.
    if (!computes_freely(before) || before.type->expands || before.ordered) continue;
    if (before.ports[edge.port].readers.size() != 1 || before.ports[edge.port].name == "failed") {
      continue;
    }
    if (length[edge.from] == kLongestFusion) continue;
    length[i] = length[edge.from] + 1;
    node.entry = Entry::fused;
  }
}

}  // namespace weir::compile
