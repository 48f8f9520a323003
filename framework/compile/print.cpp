#include <fmt/format.h>

#include "compile/inputs_text.hpp"
#include "compile/plan.hpp"
#include "compile/print_limits.hpp"
#include "compile/registry.hpp"
#include "compile/table.hpp"

namespace weir::compile {
namespace {

/// "limit 3", "limit registry, network", "capacity 10"
std::string limit_text(const Plan& plan, const PlannedNode& node) {
  if (node.capacity) return fmt::format("capacity {}", *node.capacity);
  if (node.type->kind != abi::Kind::function) return "";
  std::string limits = node.limit ? std::to_string(*node.limit) : "";
  for (const std::uint32_t limit : node.limits) {
    limits += (limits.empty() ? "" : ", ") + plan.limits[limit].name;
  }
  return (limits.empty() ? "unlimited" : "limit " + limits) + (node.ordered ? ", ordered" : "");
}

std::string ports_text(const PlannedNode& node) {
  std::string to;
  for (const PlannedPort& port : node.ports) {
    if (port.name == "failed" && port.readers.empty()) continue;
    if (!to.empty()) to += ", ";
    to += fmt::format("{}: {}", port.name, port.type == nullptr ? "any" : port.type->name);
  }
  return to;
}

std::string_view work_text(const PlannedNode& node) {
  return node.type->kind == abi::Kind::queue ? "" : to_string(node.work);
}

}  // namespace

std::string print(const Plan& plan) {
  std::vector<TableRow> rows;
  for (const PlannedNode& node : plan.nodes) {
    rows.push_back({node.name, fmt::format("{} {}", to_string(node.type->kind), node.type->name),
                    limit_text(plan, node), std::string(work_text(node)),
                    node.inputs.empty() ? "" : "<- " + inputs_text(plan, node), ports_text(node)});
  }
  return fmt::format("{} ({})\n{}{}{}", plan.name, plan.file, table(rows), print_limits(plan),
                     print_failures(plan));
}

}  // namespace weir::compile
