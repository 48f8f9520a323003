#include "view/why.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>

#include "view/bottleneck.hpp"
#include "view/bounds_of_node.hpp"
#include "view/node_counts.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::SourceStatus;
using runtime::Status;

constexpr std::size_t kLongestItem = 60;
/// Of nodes that share a limit, those whose counts are told apart.
constexpr std::size_t kMostParts = 4;
/// So few items say nothing of how long others take.
constexpr std::int64_t kFew = 3;
constexpr double kMuchLonger = 4;

enum class Rank : std::uint8_t { piles_up, just_held, source, works, backs_off, follows };

struct Ranked {
  Rank rank = Rank::works;
  std::size_t node = 0;
  std::int64_t items = 0;  ///< the more, the sooner it is said, among the equal
  std::string text;
  std::string reason;
  std::vector<std::string> limits;  ///< that the node waits for
};

bool computes(const NodeStatus& node) { return node.work == "computes"; }

std::string items_text(std::int64_t items) {
  return fmt::format("{} item{}", items, items == 1 ? "" : "s");
}

class Search {
 public:
  explicit Search(const Status& status) : status_(status) {
    const std::size_t count = status.nodes.size();
    std::map<std::string, std::size_t> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers[status.nodes[i].name] = i;
    // Every node stands behind those that it reads: from the back, all of its own are known.
    behind_.assign(count, std::vector<bool>(count));
    for (std::size_t i = count; i-- > 0;) {
      for (const std::string& name : status.nodes[i].reads) {
        const auto read = numbers.find(name);
        if (read == numbers.end() || read->second >= i) continue;
        std::vector<bool>& behind = behind_[read->second];
        behind[i] = true;
        for (std::size_t k = 0; k < count; ++k) behind[k] = behind[k] || behind_[i][k];
      }
      if (computes(status.nodes[i]) && works(status.nodes[i])) busy_ += status.nodes[i].running;
    }
    for (std::size_t i = 0; i < count; ++i) look_at(i);
    for (const SourceStatus& source : status.sources) look_at(source, numbers[source.node]);
    sort();
  }

  std::vector<Finding> findings() const {
    std::vector<Finding> findings;
    findings.reserve(findings_.size());
    std::vector<bool> told(findings_.size());
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (told[i]) continue;
      const Ranked& ranked = findings_[i];
      std::vector<std::size_t> alike = {ranked.node};
      for (std::size_t other = i + 1; other < findings_.size(); ++other) {
        if (told[other] || !are_alike(ranked, findings_[other])) continue;
        told[other] = true;
        alike.push_back(findings_[other].node);
      }
      findings.push_back(alike.size() == 1 ? finding_of(ranked) : together(ranked, alike));
    }
    return findings;
  }

 private:
  bool cpu_is_busy() const { return status_.threads > 0 && busy_ >= status_.threads; }

  bool are_alike(const Ranked& a, const Ranked& b) const {
    return !a.limits.empty() && a.limits == b.limits &&
           wait_together(status_, status_.nodes[a.node], status_.nodes[b.node]);
  }

  Finding finding_of(const Ranked& ranked) const {
    return {{status_.nodes[ranked.node].name},
            ranked.text,
            ranked.reason.empty() ? ranked.text : ranked.reason,
            ranked.rank != Rank::follows,
            ranked.limits};
  }

  Finding together(const Ranked& first, std::vector<std::size_t> nodes) const {
    std::sort(nodes.begin(), nodes.end());
    Finding finding = finding_of(first);
    finding.nodes.clear();
    std::int64_t running = 0;
    std::int64_t waiting = 0;
    std::vector<std::string> parts;
    for (const std::size_t i : nodes) {
      const NodeStatus& node = status_.nodes[i];
      finding.nodes.push_back(node.name);
      running += node.running;
      waiting += pending(node);
      parts.push_back(fmt::format("{} at {}", pending(node), node.name));
    }
    if (parts.size() > kMostParts) {
      parts.resize(kMostParts);
      parts.emplace_back("…");
    }
    finding.reason = limits_text(status_, status_.nodes[first.node], finding.nodes);
    finding.text = fmt::format("{} running, {} waiting ({}), {}", running, waiting,
                               fmt::join(parts, ", "), finding.reason);
    return finding;
  }

  void add(Rank rank, std::size_t node, std::int64_t items, std::string text,
           std::string reason = "", std::vector<std::string> limits = {}) {
    findings_.push_back({rank, node, items, std::move(text), std::move(reason), std::move(limits)});
  }

  void look_at(std::size_t i) {
    const NodeStatus& node = status_.nodes[i];
    if (node.kind == "queue") return look_at_queue(i);
    if (!works(node)) return;
    if (pending(node) > 0) {
      look_at_waiting(i);
    } else if (node.running > 0 && computes(node) && cpu_is_busy()) {
      add(Rank::just_held, i, node.running, cpu_text(node));
    } else if (node.running > 0) {
      add(Rank::works, i, node.running,
          running_text(status_, node) + ", nothing waits: " + work_text(node), work_text(node));
    }
    if (node.backing_off > 0) {
      const std::string time = node.next_attempt ? short_time(*node.next_attempt) + " " : "";
      add(Rank::backs_off, i, node.backing_off,
          fmt::format("{} wait{} {}for {} next attempt", items_text(node.backing_off),
                      node.backing_off == 1 ? "s" : "", time,
                      node.backing_off == 1 ? "its" : "their"));
    }
  }

  void look_at_waiting(std::size_t i) {
    const NodeStatus& node = status_.nodes[i];
    const bool piles_up = pending(node) >= std::max<std::int64_t>(node.running, 1);
    const Rank rank = piles_up ? Rank::piles_up : Rank::just_held;
    const std::string limits = limits_text(status_, node);
    const std::string counts =
        fmt::format("{}, {} waiting", running_text(status_, node), pending(node));
    if (node.held_back > 0 && !status_.lacks.empty()) {
      const std::string lacks = "there is no room for more commands: " + status_.lacks;
      add(rank, i, pending(node), counts + ", " + lacks, lacks);
    } else if (node.halted) {
      add_held_by_queue(i, counts);
    } else if (!limits.empty()) {
      add(rank, i, pending(node), counts + ", " + limits, limits, limits_waited_for(status_, node));
    } else if (computes(node) && cpu_is_busy()) {
      add(rank, i, pending(node), fmt::format("{} waiting, {}", pending(node), cpu_text(node)),
          cpu_text(node));
    } else if (gives_to_full_queue(status_, node)) {
      add_held_by_queue(i, counts);
    } else {
      add(Rank::works, i, pending(node), counts + ", about to begin",
          "bound by how fast its items can be begun");
    }
  }

  void add_held_by_queue(std::size_t i, const std::string& counts) {
    add(Rank::follows, i, pending(status_.nodes[i]), counts + ", held back by a full queue",
        "held back by a full queue");
  }

  void look_at_queue(std::size_t i) {
    const NodeStatus& node = status_.nodes[i];
    if (!is_full(node)) return;
    add(Rank::follows, i, node.waiting,
        fmt::format("full, {}: what gives to it is held back", items_text(node.waiting)));
  }

  void look_at(const SourceStatus& source, std::size_t i) {
    if (source.ended || i >= status_.nodes.size()) return;
    if (source.held_back) return look_at_held_source(source, i);
    const bool anything_waits =
        std::any_of(findings_.begin(), findings_.end(), [](const Ranked& finding) {
          return finding.rank == Rank::piles_up || finding.rank == Rank::just_held;
        });
    if (anything_waits) return;
    add(Rank::source, i, 0,
        fmt::format("the source is the bound: of the {} so far all have been begun",
                    items_text(status_.nodes[i].in)),
        "the source is the bound");
  }

  void look_at_held_source(const SourceStatus& source, std::size_t i) {
    const std::string text =
        fmt::format("the source is held back, {} in flight", in_flight_text(source));
    if (!findings_.empty()) return add(Rank::follows, i, 0, text);
    // Nothing is under way, so nothing will ever end: somebody keeps them.
    const std::string keeper = keeper_behind(i);
    add(Rank::piles_up, i, 0,
        fmt::format("{}, and nothing is under way: {} keeps them, and waits for more; raise the "
                    "source's max_in_flight",
                    text, keeper.empty() ? "a node" : keeper));
  }

  static std::string in_flight_text(const SourceStatus& source) {
    const bool by_bytes =
        source.items_in_flight < source.max_items && source.bytes_in_flight >= source.max_bytes;
    const std::string items = items_text(source.items_in_flight);
    return by_bytes ? fmt::format("{} of {}", short_size(source.bytes_in_flight), items) : items;
  }

  /// The first node behind it that has items which are nowhere under way.
  std::string keeper_behind(std::size_t source) const {
    for (std::size_t i = 0; i < status_.nodes.size(); ++i) {
      const NodeStatus& node = status_.nodes[i];
      if (!behind_[source][i] || !works(node)) continue;
      if (node.in > ended(node)) return node.name;
    }
    return {};
  }

  std::string cpu_text(const NodeStatus& node) const {
    return fmt::format("computes: the CPU is the bound ({} running, all {} worker{} busy)",
                       node.running, status_.threads, status_.threads == 1 ? " is" : "s are");
  }

  std::string work_text(const NodeStatus& node) const {
    std::string text;
    if (node.type == "run" || node.type == "shell") {
      text += node.running == 1 ? "bound by its command" : "bound by its commands";
    } else if (computes(node)) {
      text += "bound by its computing";
    } else {
      text += "bound by how long each item takes";
    }
    if (node.items.empty()) return text;
    const runtime::ItemStatus& oldest = node.items.front();
    return text + fmt::format(" ({}{}, for {})", node.running == 1 ? "" : "the longest: ",
                              one_line(oldest.text, kLongestItem), short_time(oldest.seconds));
  }

  /// How long it would take for what waits, as fast as it has been so far; nullopt: not known.
  std::optional<double> seconds_to_clear(const NodeStatus& node) const {
    const std::int64_t through = node.done + node.failed;
    if (through < kFew || status_.seconds <= 0) return std::nullopt;
    return static_cast<double>(pending(node)) * status_.seconds / static_cast<double>(through);
  }

  /// What waits further down came at once, and is soon gone: it is not why this one is behind.
  bool is_passing(const NodeStatus& down, const NodeStatus& up) const {
    if (up.halted || gives_to_full_queue(status_, up)) return false;
    const std::optional<double> of_down = seconds_to_clear(down);
    const std::optional<double> of_up = seconds_to_clear(up);
    return of_down && of_up && *of_down * kMuchLonger < *of_up;
  }

  void sort() {
    const auto has_equal_behind = [&](const Ranked& finding) {
      return std::any_of(findings_.begin(), findings_.end(), [&](const Ranked& other) {
        return other.rank == finding.rank && behind_[finding.node][other.node] &&
               !is_passing(status_.nodes[other.node], status_.nodes[finding.node]);
      });
    };
    std::vector<std::pair<bool, Ranked>> keyed;
    keyed.reserve(findings_.size());
    for (const Ranked& finding : findings_) keyed.emplace_back(has_equal_behind(finding), finding);
    std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
      if (a.second.rank != b.second.rank) return a.second.rank < b.second.rank;
      const bool downstream_first =
          a.second.rank == Rank::piles_up || a.second.rank == Rank::just_held;
      if (!downstream_first) return a.second.items > b.second.items;
      if (a.first != b.first) return b.first;
      return a.first ? a.second.node > b.second.node : a.second.items > b.second.items;
    });
    findings_.clear();
    for (auto& [unused, finding] : keyed) findings_.push_back(std::move(finding));
  }

  const Status& status_;
  std::vector<std::vector<bool>> behind_;  ///< of each node: which are downstream of it
  std::int64_t busy_ = 0;                  ///< tasks that compute
  std::vector<Ranked> findings_;
};

std::vector<std::string> why_stopping(const Status& status) {
  std::vector<std::string> waits_for;
  std::vector<std::string> lines;
  for (const NodeStatus& node : status.nodes) {
    if (node.running == 0 || !works(node)) continue;
    waits_for.push_back(fmt::format("{} of {}", items_text(node.running), node.name));
    if (node.items.empty()) continue;
    const runtime::ItemStatus& oldest = node.items.front();
    lines.push_back(fmt::format("{}: {} runs for {}", node.name,
                                one_line(oldest.text, kLongestItem), short_time(oldest.seconds)));
  }
  std::string text = status.cut_off
                         ? "weir is stopping and has told all commands to end: waits for "
                         : "weir is stopping: waits for ";
  text += waits_for.empty() ? "nodes to finish" : fmt::format("{}", fmt::join(waits_for, ", "));
  lines.insert(lines.begin(), std::move(text));
  return lines;
}

}  // namespace

std::vector<Finding> findings(const Status& status) {
  if (status.stopping || status.cut_off) return {};
  return Search(status).findings();
}

std::vector<std::string> why(const Status& status) {
  if (status.stopping || status.cut_off) return why_stopping(status);
  std::vector<std::string> lines;
  for (const Finding& finding : findings(status)) {
    lines.push_back(names_of(finding.nodes) + ": " + finding.text);
  }
  if (lines.empty()) lines.emplace_back("nothing is under way: nodes finish, and the run ends");
  return lines;
}

}  // namespace weir::view
