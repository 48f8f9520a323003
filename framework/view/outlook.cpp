#include "view/outlook.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "view/node_counts.hpp"

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::Status;

/// So few say nothing of the time that the others take.
constexpr std::int64_t kFew = 2;

class Totals {
 public:
  explicit Totals(const Status& status) : status_(status), totals_(status.nodes.size()) {
    for (std::size_t i = 0; i < status.nodes.size(); ++i) numbers_[status.nodes[i].name] = i;
    for (const runtime::SourceStatus& source : status.sources) {
      const auto number = numbers_.find(source.node);
      if (number == numbers_.end()) continue;
      const std::int64_t made = status.nodes[number->second].in;
      if (source.ended) {
        totals_[number->second] = {made, true};
      } else if (source.total) {
        totals_[number->second] = {std::max(made, *source.total), true};
      }
    }
    // Every node stands behind those that it reads.
    for (std::size_t i = 0; i < status.nodes.size(); ++i) {
      if (status.nodes[i].kind != "source") totals_[i] = of(status.nodes[i]);
    }
  }

  std::vector<std::optional<Total>> take() { return std::move(totals_); }

 private:
  /// What reads nothing but sources and queues gets all that there is.
  std::optional<Total> of_all(const NodeStatus& node) const {
    Total sum{0, true};
    for (const std::string& name : node.reads) {
      const auto number = numbers_.find(name);
      if (number == numbers_.end() || works(status_.nodes[number->second])) return std::nullopt;
      const std::optional<Total>& total = totals_[number->second];
      if (!total) return std::nullopt;
      sum.items += total->items;
      sum.is_exact = sum.is_exact && total->is_exact;
    }
    sum.items = std::max(sum.items, node.in);
    return node.reads.empty() ? std::nullopt : std::optional(sum);
  }

  std::optional<Total> of(const NodeStatus& node) const {
    if (const std::optional<Total> all = of_all(node)) return all;
    double come = 0;
    double will_come = 0;
    bool is_exact = true;
    for (const std::string& name : node.reads) {
      const auto number = numbers_.find(name);
      if (number == numbers_.end() || !totals_[number->second]) return std::nullopt;
      const NodeStatus& read = status_.nodes[number->second];
      const Total& total = *totals_[number->second];
      // What lies in a queue has come to its reader already, as its reader counts.
      const std::int64_t through = read.kind == "queue" ? read.in : ended(read);
      come += static_cast<double>(through);
      will_come += static_cast<double>(total.items);
      // A node that computes may still have something to give when nothing more comes to it.
      is_exact = is_exact && total.is_exact && through == total.items &&
                 (read.work != "computes" || read.kind == "source");
    }
    if (is_exact) return Total{node.in, true};
    if (come <= 0) return std::nullopt;
    const double items = std::round(will_come * static_cast<double>(node.in) / come);
    return Total{std::max(node.in, static_cast<std::int64_t>(items)), false};
  }

  const Status& status_;
  std::unordered_map<std::string_view, std::size_t> numbers_;
  std::vector<std::optional<Total>> totals_;
};

}  // namespace

Outlook outlook(const Status& status, const NodeRates& rates) {
  Outlook outlook;
  outlook.totals = Totals(status).take();
  if (status.stopping || status.cut_off) return outlook;
  double left = 0;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    const NodeStatus& node = status.nodes[i];
    if (!outlook.totals[i]) return outlook;
    if (!works(node)) continue;
    const std::int64_t items = outlook.totals[i]->items - ended(node);
    if (items <= 0) continue;
    const std::optional<double> rate = rates.of(i);
    if (!rate || ended(node) < kFew) return outlook;
    left = std::max(left, static_cast<double>(items) / *rate);
  }
  if (left > 0) outlook.left = left;
  return outlook;
}

}  // namespace weir::view
