#include "view/web/held_back.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "view/bounds_of_node.hpp"
#include "view/node_counts.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

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

/// "push", "push and sign", "push and 2 others"
std::string names_of(const std::string& first, const std::vector<std::string>& others) {
  if (others.empty()) return first;
  if (others.size() == 1) return first + " and " + others.front();
  return fmt::format("{} and {} others", first, others.size());
}

}  // namespace

void HeldBack::note(const runtime::Status& status, const std::vector<Finding>& findings) {
  const double since = has_begun_ ? status.seconds - end_ : 0;
  if (!has_begun_) begin_ = status.seconds;
  has_begun_ = true;
  end_ = status.seconds;
  if (findings.empty() || !findings.front().is_bottleneck) return;
  const Finding& first = findings.front();
  const auto node =
      std::find_if(status.nodes.begin(), status.nodes.end(),
                   [&](const runtime::NodeStatus& one) { return one.name == first.node; });
  if (node == status.nodes.end()) return;
  auto account = std::find_if(accounts_.begin(), accounts_.end(),
                              [&](const Account& one) { return one.node == first.node; });
  if (account == accounts_.end()) {
    account = accounts_.insert(
        accounts_.end(),
        Account{first.node, !node->limits.empty() && !node->limit, 0, 0, 0, "", {}});
  }
  account->seconds += since;
  if (account->reason.empty() || pending(*node) >= account->most_waiting) {
    account->reason = lasting_reason(status, *node, first);
  }
  account->most_waiting = std::max(account->most_waiting, pending(*node));
  account->most_running = std::max(account->most_running, node->running);
}

/// Nodes that wait for the same limit held it back together, now the one and now the other.
std::vector<HeldBack::Account> HeldBack::by_limit() const {
  const auto longer = [](const Account& a, const Account& b) { return a.seconds > b.seconds; };
  std::vector<Account> accounts = accounts_;
  std::stable_sort(accounts.begin(), accounts.end(), longer);
  std::vector<Account> together;
  for (const Account& account : accounts) {
    const auto same = std::find_if(together.begin(), together.end(), [&](const Account& one) {
      return one.shares_limits && account.shares_limits && one.reason == account.reason;
    });
    if (same == together.end()) {
      together.push_back(account);
      continue;
    }
    same->others.push_back(account.node);
    same->seconds += account.seconds;
    same->most_running = std::max(same->most_running, account.most_running);
    same->most_waiting = std::max(same->most_waiting, account.most_waiting);
  }
  std::stable_sort(together.begin(), together.end(), longer);
  return together;
}

std::vector<HeldBack::Held> HeldBack::all() const {
  const std::vector<Account> accounts = by_limit();
  std::vector<Held> all;
  for (const Account& account : accounts) {
    constexpr double kLeast = 0.05;
    const double share = end_ > begin_ ? account.seconds / (end_ - begin_) : 0;
    if (!all.empty() && share < kLeast) break;
    std::string text = names_of(account.node, account.others) + " held it back";
    if (account.seconds > 0) {
      text += fmt::format(" for {} of {}", short_time(account.seconds), short_time(end_));
    }
    text += ": " + account.reason;
    if (account.most_waiting > 0) {
      text += fmt::format("; at most {} ran, and {} waited{}", account.most_running,
                          account.most_waiting, account.others.empty() ? "" : " at one of them");
    }
    all.push_back({account.node, std::move(text)});
  }
  return all;
}

}  // namespace weir::view
