#include "view/outlook.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_map>

#include "view/node_counts.hpp"

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::Status;

/// So few say nothing of the time that the others take.
constexpr std::int64_t kFewDone = 2;

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

/// What is left to be done at a node, or at nodes that share a limit.
struct Left {
  double items = 0;
  double rate = 0;
  std::int64_t done = 0;  ///< so far

  std::optional<double> seconds() const {
    if (rate <= 0 || done < kFewDone) return std::nullopt;
    return items / rate;
  }
};

/// The first limit that it shares for which items wait, here or elsewhere; null: there is none.
const runtime::LimitStatus* contested_limit(const Status& status, const NodeStatus& node) {
  for (const runtime::LimitStatus& limit : status.limits) {
    const bool is_shared = !limit.is_own && std::find(node.limits.begin(), node.limits.end(),
                                                      limit.name) != node.limits.end();
    const bool is_waited_for =
        std::any_of(limit.states.begin(), limit.states.end(),
                    [](const runtime::LimitState& state) { return state.waiting > 0; });
    if (is_shared && is_waited_for) return &limit;
  }
  return nullptr;
}

}  // namespace

Outlook outlook(const Status& status, const NodeRates& rates) {
  Outlook outlook;
  outlook.totals = Totals(status).take();
  if (status.stopping || status.cut_off) return outlook;
  // Those that share a limit get it in turn: what one has had of it until now says little.
  std::map<const runtime::LimitStatus*, Left> shared;
  std::vector<Left> alone;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    const NodeStatus& node = status.nodes[i];
    if (!outlook.totals[i]) return outlook;
    if (!works(node)) continue;
    const std::int64_t items = outlook.totals[i]->items - ended(node);
    if (items <= 0) continue;
    const runtime::LimitStatus* const limit = contested_limit(status, node);
    Left& left = limit != nullptr ? shared[limit] : alone.emplace_back();
    left.items += static_cast<double>(items);
    left.rate += rates.of(i).value_or(0);
    left.done += ended(node);
  }
  for (const auto& [limit, left] : shared) alone.push_back(left);
  double most = 0;
  for (const Left& left : alone) {
    const std::optional<double> seconds = left.seconds();
    if (!seconds) return outlook;
    most = std::max(most, *seconds);
  }
  if (most > 0) outlook.left = most;
  return outlook;
}

}  // namespace weir::view
