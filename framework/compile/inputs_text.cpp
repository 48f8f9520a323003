#include "compile/inputs_text.hpp"

namespace weir::compile {

std::string inputs_text(const Plan& plan, const PlannedNode& node) {
  std::string to;
  for (const std::uint32_t input : node.inputs) {
    const PlannedEdge& edge = plan.edges[input];
    const PlannedNode& from = plan.nodes[edge.from];
    if (!to.empty()) to += ", ";
    to += from.name;
    if (from.ports[edge.port].name != "out") to += "." + from.ports[edge.port].name;
    if (edge.conversion == Conversion::to_text) to += " (as text)";
  }
  return to;
}

}  // namespace weir::compile
