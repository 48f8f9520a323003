#include "spec/limit_names.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace weir::spec {

namespace {

/// Then that is what is wrong, and not that nobody uses the limit.
bool is_limit_misspelled(const NodeDeclaration& node) {
  return std::any_of(node.parameters.begin(), node.parameters.end(), [](const Value::Field& field) {
    return !nearest(field.key, {"limit"}).empty();
  });
}

}  // namespace

LimitNames::LimitNames(const std::vector<LimitDeclaration>& limits,
                       std::vector<NodeDeclaration>& nodes, Diagnostics& diagnostics)
    : limits_(limits), nodes_(nodes), diagnostics_(diagnostics), candidates_{"unlimited"} {
  for (const LimitDeclaration& limit : limits_) {
    candidates_.push_back(limit.name);
    declared_.insert(limit.name);
  }
}

void LimitNames::drop_undeclared(bool are_limits_known) {
  for (NodeDeclaration& node : nodes_) {
    if (!node.limit) continue;
    // Before its names are looked at: what it names beside them can't be told.
    if (node.limit->faulty) are_uses_known_ = false;
    if (node.limit->count && declared_.count(node.name) != 0) {
      diagnostics_.error(node.limit->place,
                         fmt::format("a function's own limit has its name, and {} is one of "
                                     "'limits' already; give one of them another name",
                                     quote(node.name)));
    }
    std::vector<LimitReference> kept;
    for (LimitReference& reference : node.limit->names) {
      if (declared_.count(reference.name) != 0) {
        used_.insert(reference.name);
        kept.push_back(std::move(reference));
      } else {
        if (are_limits_known) report(reference);
        node.limit->faulty = true;
      }
    }
    node.limit->names = std::move(kept);
  }
}

void LimitNames::report(const LimitReference& reference) {
  std::string hint = suggest_(reference.name, candidates_);
  if (hint.empty()) {
    hint = "; declare it under 'limits', or give a number or 'unlimited'";
  } else {
    used_.insert(nearest(reference.name, candidates_));
  }
  diagnostics_.error(reference.place,
                     fmt::format("there is no limit {}{}", quote(reference.name), hint));
}

void LimitNames::report_unused() const {
  if (!are_uses_known_) return;
  const bool all_used = std::all_of(limits_.begin(), limits_.end(), [&](const auto& limit) {
    return used_.count(limit.name) != 0;
  });
  if (all_used || std::any_of(nodes_.begin(), nodes_.end(), is_limit_misspelled)) return;
  for (const LimitDeclaration& limit : limits_) {
    const bool can_be_used = is_name(limit.name) && limit.name != "unlimited";
    if (!can_be_used || used_.count(limit.name) != 0) continue;
    diagnostics_.error(limit.place,
                       fmt::format("no function uses the limit {}; put 'limit: {}' on those that "
                                   "share it, or remove it",
                                   quote(limit.name), shortened(limit.name)));
  }
}

}  // namespace weir::spec
