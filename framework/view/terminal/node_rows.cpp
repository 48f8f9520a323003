#include "view/terminal/node_rows.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "view/bounds_of_node.hpp"
#include "view/node_counts.hpp"
#include "view/terminal/columns.hpp"
#include "view/terminal/style.hpp"

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::Status;

constexpr std::size_t kWidestBar = 14;
constexpr std::size_t kBar = 10;
constexpr std::size_t kNarrowBar = 6;
constexpr std::size_t kWidestName = 30;
constexpr std::size_t kNarrowName = 8;
constexpr const char* kNothing = "-";

/// "[###  ]": how much of a limit, or of a queue, is taken.
std::string bar(std::int64_t taken, std::optional<std::int64_t> most, std::size_t width) {
  if (!most || *most <= 0 || width < 3) return std::string(width, ' ');
  const std::size_t cells = width - 2;
  const double share = std::clamp(static_cast<double>(taken) / static_cast<double>(*most), 0., 1.);
  auto filled = static_cast<std::size_t>(share * static_cast<double>(cells));
  if (taken > 0) filled = std::max<std::size_t>(filled, 1);
  return fmt::format("[{:<{}}]", std::string(filled, '#'), cells);
}

std::string rate_text(double rate) {
  if (rate >= 10e6) return fmt::format("{:.0f}M/s", rate / 1e6);
  if (rate >= 10e3) return fmt::format("{:.0f}k/s", rate / 1e3);
  if (rate >= 10) return fmt::format("{:.0f}/s", rate);
  if (rate >= 0.5) return fmt::format("{:.1f}/s", rate);
  if (rate * 60 >= 0.5) return fmt::format("{:.1f}/min", rate * 60);
  return fmt::format("{:.1f}/h", rate * 3600);
}

std::string running_cell(const Status& status, const NodeStatus& node) {
  if (!works(node)) return kNothing;
  const auto most = most_running(status, node);
  return most ? fmt::format("{}/{}", node.running, *most) : std::to_string(node.running);
}

std::string waiting_cell(const NodeStatus& node) {
  if (node.kind == "source") return kNothing;
  return node.capacity ? fmt::format("{}/{}", node.waiting, *node.capacity)
                       : std::to_string(pending(node));
}

std::string done_cell(const NodeStatus& node, const std::optional<Total>& total) {
  const bool is_at_rest = node.running == 0 && pending(node) == 0 && node.backing_off == 0;
  if (!total || (!total->is_exact && is_at_rest && total->items == node.in)) {
    return std::to_string(node.done);
  }
  return fmt::format("{}/{}{}", node.done, total->is_exact ? "" : "~", total->items);
}

std::string rate_cell(const NodeStatus& node, std::optional<double> rate, bool is_over) {
  return rate && !is_over && node.kind != "queue" ? rate_text(*rate) : kNothing;
}

/// The cells of one kind, of all rows.
struct Column {
  std::vector<std::string> cells;
  bool is_left = false;
  std::size_t width = 0;
};

bool is_in(const std::vector<std::size_t>& nodes, std::size_t node) {
  return std::binary_search(nodes.begin(), nodes.end(), node);
}

enum Which : std::uint8_t { name, running, bars, waiting, retrying, done, failed, rate, kinds };

class Rows {
 public:
  Rows(const Status& status, const NodeRates& rates, const Outlook& outlook,
       const std::vector<std::size_t>& shown)
      : status_(status), shown_(shown), columns_(kinds) {
    add({"node", "running", "", "waiting", "retrying", "done", "failed", "rate"});
    for (const std::size_t i : shown) {
      const NodeStatus& node = status.nodes[i];
      const bool is_over = outlook.totals[i] && outlook.totals[i]->is_exact &&
                           ended(node) >= outlook.totals[i]->items;
      add({fitted(node.name, kWidestName), running_cell(status, node), "", waiting_cell(node),
           works(node) ? std::to_string(node.backing_off) : kNothing,
           done_cell(node, outlook.totals[i]), works(node) ? std::to_string(node.failed) : kNothing,
           rate_cell(node, rates.of(i), is_over)});
    }
    columns_[name].is_left = true;
    columns_[bars].is_left = true;
    const bool any_retrying =
        std::any_of(status.nodes.begin(), status.nodes.end(),
                    [](const NodeStatus& node) { return node.backing_off > 0; });
    for (Column& column : columns_) {
      for (const std::string& cell : column.cells) {
        column.width = std::max(column.width, columns(cell));
      }
    }
    if (!any_retrying) columns_[retrying].width = 0;
  }

  std::vector<std::string> texts(const std::vector<std::size_t>& marked, const Look& look) {
    fit(look.width - 1);
    std::vector<std::string> texts;
    for (std::size_t row = 0; row <= shown_.size(); ++row) {
      texts.push_back(text(row, row > 0 && is_in(marked, shown_[row - 1]), look.has_colour));
    }
    return texts;
  }

 private:
  void add(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) columns_[i].cells.push_back(cells[i]);
  }

  /// The mark, and the columns with what stands between them.
  std::size_t width() const {
    std::size_t width = 0;
    for (const Column& column : columns_) width += column.width == 0 ? 0 : column.width + 2;
    return width;
  }

  void fit(std::size_t most) {
    columns_[bars].width = kWidestBar;
    if (width() > most) columns_[bars].width = kBar;
    if (width() > most) columns_[bars].width = kNarrowBar;
    shorten_names(most, 2 * kNarrowName);
    if (width() > most) columns_[rate].width = 0;
    shorten_names(most, kNarrowName);
    for (const Which least : {bars, retrying, failed}) {
      if (width() > most) columns_[least].width = 0;
    }
    shorten_names(most, 1);
  }

  void shorten_names(std::size_t most, std::size_t least) {
    const std::size_t now = width();
    std::size_t& of_names = columns_[name].width;
    if (now > most && of_names > least)
      of_names = std::max(least, of_names - std::min(of_names, now - most));
  }

  std::string text(std::size_t row, bool is_marked, bool has_colour) const {
    const Style style(has_colour);
    std::string to;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.width == 0) continue;
      to += i == 0 ? (is_marked ? "> " : "  ") : "  ";
      const std::string cell = i == bars ? bar_of(row) : column.cells[row];
      const std::string filled = padded(cell, column.width, !column.is_left);
      const bool is_bad = i == failed && row > 0 && status_.nodes[shown_[row - 1]].failed > 0;
      to += is_bad ? style.bad(filled) + (is_marked ? style.begin_strong() : "") : filled;
    }
    to.resize(to.find_last_not_of(' ') + 1);
    return row == 0 ? style.weak(to) : is_marked ? style.strong(to) : to;
  }

  std::string bar_of(std::size_t row) const {
    if (row == 0) return "";
    const NodeStatus& node = status_.nodes[shown_[row - 1]];
    const std::size_t width = columns_[bars].width;
    return node.kind == "queue" ? bar(node.waiting, node.capacity, width)
                                : bar(node.running, most_running(status_, node), width);
  }

  const Status& status_;
  const std::vector<std::size_t>& shown_;
  std::vector<Column> columns_;
};

}  // namespace

std::vector<std::string> node_rows(const Status& status, const NodeRates& rates,
                                   const Outlook& outlook, const std::vector<std::size_t>& shown,
                                   const std::vector<std::size_t>& marked, const Look& look) {
  return Rows(status, rates, outlook, shown).texts(marked, look);
}

std::vector<std::size_t> nodes_to_show(const Status& status, std::size_t most,
                                       const std::vector<std::size_t>& marked) {
  std::vector<std::pair<int, std::size_t>> ranked;
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    const NodeStatus& node = status.nodes[i];
    const int rank = is_in(marked, i)                            ? 0
                     : node.failed > 0                           ? 1
                     : works(node) && node.running > 0           ? 2
                     : pending(node) > 0 || node.backing_off > 0 ? 3
                     : node.in > ended(node)                     ? 4
                                                                 : 5;
    ranked.emplace_back(rank, i);
  }
  if (most < ranked.size()) {
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(most),
                      ranked.end());
    ranked.resize(most);
  }
  std::vector<std::size_t> shown;
  shown.reserve(ranked.size());
  for (const auto& [unused, node] : ranked) shown.push_back(node);
  std::sort(shown.begin(), shown.end());
  return shown;
}

}  // namespace weir::view
