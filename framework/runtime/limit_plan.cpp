#include "runtime/limit_plan.hpp"

#include <numeric>
#include <utility>

namespace weir::runtime {
namespace {

/// Disjoint sets of limits.
class Sets {
 public:
  explicit Sets(std::size_t count) : leader_(count) {
    std::iota(leader_.begin(), leader_.end(), std::size_t{0});
  }
  std::size_t leader(std::size_t of) const {
    while (leader_[of] != of) of = leader_[of];
    return of;
  }
  void join(std::size_t a, std::size_t b) { leader_[leader(a)] = leader(b); }

 private:
  std::vector<std::size_t> leader_;
};

Admission::Settings settings_of(const compile::PlannedLimit& limit) {
  Admission::Settings settings;
  settings.name = limit.name;
  settings.slots = limit.slots;
  settings.interval = limit.interval;
  if (limit.memory) settings.memory = static_cast<std::int64_t>(*limit.memory);
  return settings;
}

}  // namespace

LimitPlan::LimitPlan(const compile::Plan& plan) : of_node_(plan.nodes.size()) {
  Sets sets(plan.limits.size());
  for (const compile::PlannedNode& node : plan.nodes) {
    for (const std::uint32_t limit : node.limits) sets.join(node.limits.front(), limit);
  }
  std::vector<std::pair<std::size_t, std::uint32_t>> place(plan.limits.size());  // group, index
  std::vector<std::size_t> group_of_leader(plan.limits.size(), plan.limits.size());
  for (std::size_t i = 0; i < plan.limits.size(); ++i) {
    std::size_t& group = group_of_leader[sets.leader(i)];
    if (group == plan.limits.size()) {
      group = groups_.size();
      groups_.emplace_back();
    }
    place[i] = {group, static_cast<std::uint32_t>(groups_[group].size())};
    groups_[group].push_back(settings_of(plan.limits[i]));
  }
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    const compile::PlannedNode& node = plan.nodes[i];
    if (node.type->kind != abi::Kind::function || node.work == abi::Work::computes) continue;
    OfNode& of = of_node_[i];
    if (node.limits.empty()) {
      of.group = groups_.size();
      groups_.emplace_back();
    } else {
      of.group = place[node.limits.front()].first;
    }
    for (const std::uint32_t limit : node.limits) {
      of.limits.named.push_back({place[limit].second, &plan.limits[limit]});
    }
    if (!node.limit) continue;
    of.limits.own = static_cast<std::uint32_t>(groups_[of.group].size());
    Admission::Settings& own = groups_[of.group].emplace_back();
    own.name = node.name;
    own.slots = node.limit;
  }
}

}  // namespace weir::runtime
