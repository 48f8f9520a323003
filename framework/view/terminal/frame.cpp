#include "view/terminal/frame.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>

#include "view/bottleneck.hpp"
#include "view/node_counts.hpp"
#include "view/outlook.hpp"
#include "view/terminal/columns.hpp"
#include "view/terminal/node_rows.hpp"
#include "view/terminal/style.hpp"
#include "view/text.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

using runtime::ItemStatus;
using runtime::NodeStatus;
using runtime::Status;

constexpr std::size_t kMostItems = 5;
constexpr std::size_t kWidestItem = 30;
constexpr std::string_view kIndent = "    ";  // of what stands below a node
/// From here on there is room for a table.
constexpr std::size_t kLeastHeight = 8;
constexpr std::size_t kLeastWidth = 40;

/// Its nodes, in the order of the graph. It is told below the first one.
std::vector<std::size_t> marks_of(const Bottleneck& bottleneck, const Status& status) {
  const std::set<std::string_view> names(bottleneck.nodes.begin(), bottleneck.nodes.end());
  std::vector<std::size_t> marks;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    if (names.count(status.nodes[i].name) != 0) marks.push_back(i);
  }
  return marks;
}

/// ", with sign": those beside the one whose row it is told below.
std::string others_text(const Bottleneck& bottleneck) {
  if (bottleneck.nodes.size() < 2) return "";
  return ", with " + names_of({bottleneck.nodes.begin() + 1, bottleneck.nodes.end()});
}

/// What a run that is being stopped waits for, and how not to wait for it.
std::vector<std::string> stop_lines(const Status& status) {
  if (!status.stopping && !status.cut_off) return {};
  return {why(status).front(),
          status.cut_off ? "Ctrl-C once more kills them" : "Ctrl-C once more ends what runs"};
}

std::string time_line(const Status& status, const Outlook& outlook) {
  std::string to = fmt::format("{} elapsed", short_time(status.seconds));
  if (outlook.left) to += fmt::format(", about {} left", short_time(*outlook.left));
  return to;
}

/// "  … 26 more nodes, 4 of them at work", of those that there is no room for.
std::string others_line(const Status& status, const std::vector<std::size_t>& shown) {
  const auto is_at_work = [&](std::size_t i) {
    return works(status.nodes[i]) && status.nodes[i].running > 0;
  };
  std::size_t at_work = 0;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) at_work += is_at_work(i) ? 1 : 0;
  for (const std::size_t i : shown) at_work -= is_at_work(i) ? 1 : 0;
  const std::size_t others = status.nodes.size() - shown.size();
  std::string text = fmt::format("  … {} more node{}", others, others == 1 ? "" : "s");
  if (at_work > 0) text += fmt::format(", {} of them at work", at_work);
  return text;
}

struct Running {
  const NodeStatus* node;
  const ItemStatus* item;
};

std::vector<Running> longest_running(const Status& status, std::size_t most) {
  std::vector<Running> all;
  for (const NodeStatus& node : status.nodes) {
    // The oldest come first.
    for (std::size_t i = 0; i < std::min(node.items.size(), most); ++i) {
      all.push_back({&node, &node.items[i]});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Running& a, const Running& b) {
    return a.item->seconds > b.item->seconds;
  });
  if (all.size() > most) all.resize(most);
  return all;
}

/// "    31.0s  push nginx  | Copying blob 4 of 7"
std::vector<std::string> item_lines(const Status& status, std::size_t most, const Look& look) {
  struct Cells {
    std::string time, name, last;
  };
  std::vector<Cells> rows;
  std::size_t widest_time = 0;
  std::size_t widest_name = 0;
  for (const Running& running : longest_running(status, most)) {
    const std::size_t room = std::min(kWidestItem, look.width / 3);
    Cells cells{short_time(running.item->seconds),
                running.node->name + " " + fitted(running.item->text, room),
                running.item->last_line};
    widest_time = std::max(widest_time, columns(cells.time));
    widest_name = std::max(widest_name, columns(cells.name));
    rows.push_back(std::move(cells));
  }
  const Style style(look.has_colour);
  std::vector<std::string> lines;
  for (const Cells& cells : rows) {
    std::string line = "  " + padded(cells.time, widest_time, true) + "  " +
                       (cells.last.empty() ? cells.name : padded(cells.name, widest_name));
    line = fitted(line, look.width - 1);
    const std::size_t used = columns(line) + 4;
    if (!cells.last.empty() && used + 8 < look.width) {
      line += style.weak("  | " + fitted(cells.last, look.width - 1 - used));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// One line, or two if it is too long for one and `may_wrap`.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, bool may_wrap) {
  const std::string line = one_line(text, text.size());
  if (!may_wrap || columns(line) <= width) return {fitted(line, width)};
  std::size_t at = line.rfind(' ');
  while (at != line.npos && at > kIndent.size() && columns(line.substr(0, at)) > width) {
    at = line.rfind(' ', at - 1);
  }
  if (at == line.npos || at <= kIndent.size()) return {fitted(line, width)};
  return {line.substr(0, at), fitted(std::string(kIndent) + "  " + line.substr(at + 1), width)};
}

}  // namespace

std::vector<std::string> frame(const Status& status, const NodeRates& rates, const Look& look) {
  const Style style(look.has_colour);
  const Outlook outlook = view::outlook(status, rates);
  const std::string time = fitted(time_line(status, outlook), look.width - 1);
  if (look.width < kLeastWidth) return {time};
  const Bottleneck bottleneck = bottleneck_of(findings(status));
  const std::vector<std::size_t> marked = marks_of(bottleneck, status);
  std::vector<std::string> lines;
  for (const std::string& line : stop_lines(status)) {
    lines.push_back(style.notable(fitted(line, look.width - 1)));
  }
  if (look.height < kLeastHeight) {
    if (!marked.empty()) {
      lines.push_back(
          fitted("the bottleneck: " + names_of(bottleneck.nodes) + ", " + bottleneck.reason,
                 look.width - 1));
    }
    lines.push_back(time);
    while (lines.size() + 1 > std::max<std::size_t>(look.height, 2)) lines.erase(lines.begin());
    return lines;
  }

  // What is there beside the rows of nodes: the columns' names, the reason, "more", the time, and
  // the line below it all where the cursor is.
  const std::size_t room = look.height - lines.size() - 5;
  const std::vector<std::string> items = item_lines(status, std::min(kMostItems, room / 3), look);
  const std::size_t most = std::max<std::size_t>(1, room - items.size());
  const std::vector<std::size_t> shown = nodes_to_show(status, most, marked);
  std::vector<std::string> rows = node_rows(status, rates, outlook, shown, marked, look);
  lines.push_back(std::move(rows[0]));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    lines.push_back(std::move(rows[i + 1]));
    if (marked.empty() || shown[i] != marked.front()) continue;
    const std::string text = others_text(bottleneck) + ": " + bottleneck.reason;
    const bool has_room = most > status.nodes.size();
    for (const std::string& line :
         wrapped(std::string(kIndent) + "^ the bottleneck" + text, look.width - 1, has_room)) {
      lines.push_back(style.notable(line));
    }
  }
  if (shown.size() < status.nodes.size()) {
    lines.push_back(fitted(others_line(status, shown), look.width - 1));
  }
  lines.insert(lines.end(), items.begin(), items.end());
  lines.push_back(time);
  return lines;
}

}  // namespace weir::view
