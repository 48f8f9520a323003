#include "view/status.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "compile/table.hpp"
#include "view/node_counts.hpp"
#include "view/status_json.hpp"
#include "view/table.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using runtime::LimitState;
using runtime::LimitStatus;
using runtime::NodeStatus;
using runtime::SourceStatus;
using runtime::Status;

constexpr std::size_t kLongestHolder = 60;
constexpr std::size_t kMostItems = 5;    // of a node
constexpr std::size_t kMostHolders = 5;  // of a limit

/// "3/3", "20"
std::string running_cell(const NodeStatus& node) {
  if (!works(node)) return "-";
  return node.limit ? fmt::format("{}/{}", node.running, *node.limit)
                    : std::to_string(node.running);
}

std::string waiting_cell(const NodeStatus& node) {
  if (node.kind == "source") return "-";
  const std::string waiting = std::to_string(pending(node));
  return node.capacity ? fmt::format("{}/{}", waiting, *node.capacity) : waiting;
}

std::string nodes_table(const Status& status) {
  std::vector<TableRow> rows = {{"node", "running", "waiting", "backing off", "done", "failed"}};
  const bool any_cancelled =
      std::any_of(status.nodes.begin(), status.nodes.end(),
                  [](const NodeStatus& node) { return node.cancelled != 0; });
  if (any_cancelled) rows[0].emplace_back("cancelled");
  for (const NodeStatus& node : status.nodes) {
    const auto of_work = [&](std::int64_t items) {
      return works(node) ? std::to_string(items) : "-";
    };
    rows.push_back({node.name, running_cell(node), waiting_cell(node), of_work(node.backing_off),
                    fmt::format("{}/{}", node.done, node.in), of_work(node.failed)});
    if (any_cancelled) {
      rows.back().push_back(node.kind == "source" ? "-" : std::to_string(node.cancelled));
    }
  }
  return table(rows);
}

std::string lacks_text(const Status& status) {
  return status.lacks.empty() ? "" : "no room for more commands: " + status.lacks + "\n";
}

std::string sources_text(const Status& status) {
  std::vector<compile::TableRow> rows;
  for (const SourceStatus& source : status.sources) {
    const std::string state = source.ended       ? "has ended"
                              : source.held_back ? "is held back"
                                                 : "goes on";
    if (source.ended && source.items_in_flight == 0) {
      rows.push_back({source.node, state, "", ""});
      continue;
    }
    rows.push_back(
        {source.node, state,
         fmt::format("{} of {} items in flight", source.items_in_flight, source.max_items),
         fmt::format("{} of {}", short_size(source.bytes_in_flight),
                     short_size(source.max_bytes))});
  }
  return rows.empty() ? "" : "sources:\n" + compile::table(rows);
}

std::string last_line_text(const runtime::ItemStatus& item) {
  return item.last_line.empty() ? "" : "  | " + one_line(item.last_line, kLongestHolder);
}

/// Rows of their node, item, time and last line; the node only once.
std::string items_text(const Status& status) {
  std::vector<compile::TableRow> rows;
  for (const NodeStatus& node : status.nodes) {
    const std::size_t shown = std::min(node.items.size(), kMostItems);
    for (std::size_t i = 0; i < shown; ++i) {
      const runtime::ItemStatus& item = node.items[i];
      rows.push_back({i == 0 ? node.name : "", short_time(item.seconds),
                      item.number == 0 ? "" : fmt::format("#{}", item.number),
                      item.attempt == 1 ? "" : fmt::format("attempt {}", item.attempt),
                      one_line(item.text, kLongestHolder) + last_line_text(item)});
    }
    if (shown > 0 && node.running > static_cast<std::int64_t>(shown)) {
      rows.push_back({"", "", "", "",
                      fmt::format("and {} more", node.running - static_cast<std::int64_t>(shown))});
    }
  }
  return rows.empty() ? "" : "in work, the oldest first:\n" + compile::table(rows);
}

std::string slots_cell(const LimitStatus& limit, const LimitState& state) {
  if (!limit.slots) return "";
  return fmt::format("{} of {} slot{}", state.taken, *limit.slots, *limit.slots == 1 ? "" : "s");
}

std::string memory_cell(const LimitStatus& limit, const LimitState& state) {
  if (!limit.memory) return "";
  return fmt::format("{} of {}", short_size(state.memory_taken), short_size(*limit.memory));
}

std::string halt_cell(const LimitStatus& limit, const LimitState& state) {
  if (limit.slots == 0) return "paused";
  if (state.paused_for) return fmt::format("paused for {}", short_time(*state.paused_for));
  if (state.next_start) return fmt::format("next start in {}", short_time(*state.next_start));
  return "";
}

/// "push nginx (31.0s), sign base (3.0s) and 2 more"
std::string holders_text(const LimitState& state) {
  std::vector<std::string> texts;
  for (const runtime::HolderStatus& holder : state.holders) {
    if (texts.size() == kMostHolders) break;
    texts.push_back(fmt::format("{} {} ({})", holder.node, one_line(holder.item, kLongestHolder),
                                short_time(holder.seconds)));
  }
  const std::int64_t more = state.running - static_cast<std::int64_t>(texts.size());
  std::string text = fmt::format("{}", fmt::join(texts, ", "));
  if (more > 0 && !texts.empty()) text += fmt::format(" and {} more", more);
  return text;
}

std::string waiters_text(const Status& status, const LimitState& state) {
  const auto is_halted = [&](const std::string& name) {
    return std::any_of(
        status.nodes.begin(), status.nodes.end(),
        [&](const runtime::NodeStatus& node) { return node.halted && node.name == name; });
  };
  std::vector<std::string> texts;
  for (const runtime::WaiterStatus& waiter : state.waiters) {
    texts.push_back(fmt::format("{} of {}{}", waiter.items, waiter.node,
                                is_halted(waiter.node) ? " (held back by a full queue)" : ""));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::string limits_table(const Status& status) {
  std::vector<compile::TableRow> rows;
  std::vector<std::string> below;  // of each row: who holds it, and who waits
  for (const LimitStatus& limit : status.limits) {
    std::vector<LimitState> states = limit.states;
    if (states.empty()) states.emplace_back();
    for (const LimitState& state : states) {
      std::string of = limit.per.empty()      ? ""
                       : limit.states.empty() ? "per " + limit.per
                                              : fmt::format("'{}'", one_line(state.key, 40));
      rows.push_back({limit.name, std::move(of), slots_cell(limit, state),
                      rate_of_starts(limit.interval.value_or(0)), memory_cell(limit, state),
                      halt_cell(limit, state)});
      std::string& text = below.emplace_back();
      if (!state.holders.empty()) text += "      held by " + holders_text(state) + "\n";
      if (!state.waiters.empty()) text += "      waiting: " + waiters_text(status, state) + "\n";
    }
  }
  if (rows.empty()) return "";
  // The columns are those of all rows, whatever stands between them.
  const std::string lines = compile::table(rows);
  std::string to = "limits:\n";
  std::size_t at = 0;
  for (const std::string& text : below) {
    const std::size_t end = lines.find('\n', at) + 1;
    to += lines.substr(at, end - at) + text;
    at = end;
  }
  return to;
}

std::string status_text(const Status& status) {
  return fmt::format("{}: {} for {}\n{}{}{}{}{}", status.id, state_of(status),
                     short_time(status.seconds), nodes_table(status), lacks_text(status),
                     sources_text(status), items_text(status), limits_table(status));
}

}  // namespace weir::view
