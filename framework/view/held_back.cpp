#include "view/held_back.hpp"

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

/// The one of the same limits; or else one that the node is in, where nothing speaks against that.
HeldBack::Account& HeldBack::account_of(const Finding& finding, std::size_t node) {
  const auto same = std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& one) {
    return !finding.limits.empty() && one.limits == finding.limits;
  });
  if (same != accounts_.end()) return *same;
  const auto alone = std::find_if(accounts_.begin(), accounts_.end(), [&](const Account& one) {
    return one.nodes.count(node) != 0 && (finding.limits.empty() || one.limits.empty());
  });
  Account& account = alone != accounts_.end() ? *alone : accounts_.emplace_back();
  if (account.limits.empty()) account.limits = finding.limits;
  return account;
}

void HeldBack::note(const runtime::Status& status, const std::vector<Finding>& findings) {
  const double since = has_begun_ ? status.seconds - end_ : 0;
  if (!has_begun_) begin_ = status.seconds;
  has_begun_ = true;
  end_ = status.seconds;
  peaks_.resize(status.nodes.size());
  for (std::size_t i = 0; i < peaks_.size(); ++i) {
    const runtime::NodeStatus& node = status.nodes[i];
    peaks_[i] = {node.peak_running.value_or(0), node.peak_waiting.value_or(0)};
  }
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
    const std::string limits = lasting_limits_text(status, node);
    auto& [lasted, waiting] = account.reasons[limits.empty() ? first.reason : limits];
    lasted += since;
    waiting = std::max(waiting, pending(node));
    account.most_waiting = std::max(account.most_waiting, pending(node));
    account.most_running = std::max(account.most_running, node.running);
  }
}

/// The one that was it for the longest time; of those the one with which most waited.
std::string HeldBack::reason_of(const Account& account) {
  return std::max_element(account.reasons.begin(), account.reasons.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

Bottleneck HeldBack::bottleneck_of(const Account& account) const {
  Bottleneck bottleneck;
  bottleneck.is_over = true;
  bottleneck.limits = account.limits;
  std::int64_t running = account.most_running;
  std::int64_t waiting = account.most_waiting;
  for (const auto& [place, node] : account.nodes) {
    const auto& [name, seconds] = node;
    if (seconds >= kLeast * account.seconds) bottleneck.nodes.push_back(name);
    running = std::max(running, peaks_[place].running);
    // Whoever begins at once counts for a moment, too: of a node where nobody waited it is none.
    if (waiting > 0) waiting = std::max(waiting, peaks_[place].waiting);
  }
  if (account.seconds > 0) {
    bottleneck.length = fmt::format("for {} of {}", short_time(account.seconds), short_time(end_));
  }
  bottleneck.reason = reason_of(account);
  bottleneck.text = bottleneck.reason + most_text(running, waiting, bottleneck);
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
