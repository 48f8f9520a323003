#include "view/web/held_back.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "view/bounds_of_node.hpp"
#include "view/node_counts.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// Of the time; who held it back for less is not named.
constexpr double kLeast = 0.05;

/// Why it waited, without who held how much of a limit at that moment.
std::string lasting_reason(const runtime::Status& status, const runtime::NodeStatus& node,
                           const Finding& finding) {
  runtime::Status others_unknown;
  others_unknown.limits = status.limits;
  for (runtime::LimitStatus& limit : others_unknown.limits) {
    for (runtime::LimitState& state : limit.states) state.holders.clear();
  }
  const std::string limits = limits_text(others_unknown, node);
  return limits.empty() ? finding.reason : limits;
}

/// The places in the graph of the nodes that it is about.
std::vector<std::size_t> places_of(const Finding& finding, const runtime::Status& status) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    const std::string& name = status.nodes[i].name;
    if (std::find(finding.nodes.begin(), finding.nodes.end(), name) != finding.nodes.end()) {
      places.push_back(i);
    }
  }
  return places;
}

}  // namespace

HeldBack::Account& HeldBack::account_of(const Finding& finding, std::size_t node) {
  const auto same = std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& one) {
    if (!finding.limits.empty() || !one.limits.empty()) return one.limits == finding.limits;
    return one.nodes.count(node) != 0;
  });
  if (same != accounts_.end()) return *same;
  accounts_.emplace_back();
  accounts_.back().limits = finding.limits;
  return accounts_.back();
}

void HeldBack::note(const runtime::Status& status, const std::vector<Finding>& findings) {
  const double since = has_begun_ ? status.seconds - end_ : 0;
  if (!has_begun_) begin_ = status.seconds;
  has_begun_ = true;
  end_ = status.seconds;
  if (findings.empty() || !findings.front().is_bottleneck) return;
  const Finding& first = findings.front();
  const std::vector<std::size_t> places = places_of(first, status);
  if (places.empty()) return;
  Account& account = account_of(first, places.front());
  account.seconds += since;
  for (const std::size_t place : places) {
    const runtime::NodeStatus& node = status.nodes[place];
    auto& [name, seconds] = account.nodes[place];
    name = node.name;
    seconds += since;
    if (account.reason.empty() || pending(node) >= account.most_waiting) {
      account.reason = lasting_reason(status, node, first);
    }
    account.most_waiting = std::max(account.most_waiting, pending(node));
    account.most_running = std::max(account.most_running, node.running);
  }
}

Bottleneck HeldBack::bottleneck_of(const Account& account) const {
  Bottleneck bottleneck;
  bottleneck.is_over = true;
  for (const auto& [unused, node] : account.nodes) {
    const auto& [name, seconds] = node;
    if (seconds >= kLeast * account.seconds) bottleneck.nodes.push_back(name);
  }
  if (account.seconds > 0) {
    bottleneck.length = fmt::format("for {} of {}", short_time(account.seconds), short_time(end_));
  }
  bottleneck.reason = account.reason;
  bottleneck.text =
      account.reason + most_text(account.most_running, account.most_waiting, bottleneck);
  return bottleneck;
}

std::vector<Bottleneck> HeldBack::all() const {
  std::vector<const Account*> longest;
  for (const Account& account : accounts_) longest.push_back(&account);
  std::stable_sort(longest.begin(), longest.end(),
                   [](const Account* a, const Account* b) { return a->seconds > b->seconds; });
  std::vector<Bottleneck> all;
  for (const Account* const account : longest) {
    const double share = end_ > begin_ ? account->seconds / (end_ - begin_) : 0;
    if (!all.empty() && share < kLeast) break;
    all.push_back(bottleneck_of(*account));
  }
  return all;
}

}  // namespace weir::view
