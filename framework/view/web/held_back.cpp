#include "view/web/held_back.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "view/node_counts.hpp"
#include "view/text.hpp"

namespace weir::view {

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
    account = accounts_.insert(accounts_.end(), Account{first.node, 0, 0, 0, ""});
  }
  account->seconds += since;
  if (account->reason.empty() || pending(*node) >= account->most_waiting) {
    account->reason = first.reason;
  }
  account->most_waiting = std::max(account->most_waiting, pending(*node));
  account->most_running = std::max(account->most_running, node->running);
}

std::vector<HeldBack::Held> HeldBack::all() const {
  std::vector<Account> accounts = accounts_;
  std::stable_sort(accounts.begin(), accounts.end(),
                   [](const Account& a, const Account& b) { return a.seconds > b.seconds; });
  std::vector<Held> all;
  for (const Account& account : accounts) {
    constexpr double kLeast = 0.05;
    const double share = end_ > begin_ ? account.seconds / (end_ - begin_) : 0;
    if (!all.empty() && share < kLeast) break;
    std::string text = account.node + " held it back";
    if (account.seconds > 0) {
      text += fmt::format(" for {} of {}", short_time(account.seconds), short_time(end_));
    }
    text += ": " + account.reason;
    if (account.most_waiting > 0) {
      text += fmt::format("; at most {} ran, and {} waited", account.most_running,
                          account.most_waiting);
    }
    all.push_back({account.node, std::move(text)});
  }
  return all;
}

}  // namespace weir::view
