#include "view/graph/label.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "spec/utf8.hpp"
#include "view/terminal/columns.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr double kWidestText = 230;
constexpr double kWidestRun = 260;  ///< of what a run did
constexpr double kBold = 1.15;      ///< names are
constexpr double kBeside = 16;      ///< of a node's text, on either side
constexpr double kNarrowest = 84;
constexpr double kBelow = 11;
constexpr double kBar = 6;
constexpr double kCountsWidth = 170;
constexpr double kCardHeight = 88;
constexpr std::size_t kMostLimits = 4;

/// Pictographs are in pictures, whether a terminal shows them wide or not.
bool is_wide(char32_t c) { return columns(c) == 2 || (c >= 0x1F000 && c < 0x1FB00); }

/// In parts of the font's size, for common sans-serif fonts, rather too much than too little.
double width_of(char32_t c) {
  constexpr std::u32string_view kNarrow = U"iljtfrI.,:;|!'()[]{}/\\-` ";
  if (is_wide(c)) return 1.2;
  if (kNarrow.find(c) != kNarrow.npos) return 0.4;
  if (c == U'm' || c == U'w' || c == U'M' || c == U'W' || c == U'@' || c == U'%') return 0.95;
  if (c >= U'A' && c <= U'Z') return 0.72;
  return 0.6;
}

std::string limits_line(const GraphNode& node) {
  std::string line;
  if (node.limit) line = fmt::format("≤ {}", *node.limit);
  if (node.ordered) line += line.empty() ? "ordered" : " · ordered";
  return line;
}

/// In lines of a node's width, broken at blanks; what is too much ends in "…".
std::vector<std::string> wrapped(std::string_view text, std::size_t most) {
  constexpr std::size_t kMostRead = 1000;
  std::string rest = spec::printable(one_line(text, kMostRead));
  std::vector<std::string> lines;
  while (lines.size() + 1 < most && text_width(rest, kSmallFont) > kWidestRun) {
    std::size_t end = 0;
    for (std::size_t at = rest.find(' '); at != rest.npos; at = rest.find(' ', at + 1)) {
      if (text_width(std::string_view(rest).substr(0, at), kSmallFont) > kWidestRun) break;
      end = at;
    }
    if (end == 0) break;
    lines.push_back(rest.substr(0, end));
    rest.erase(0, end + 1);
  }
  lines.push_back(shortened(rest, kSmallFont, kWidestRun));
  return lines;
}

const GraphLimit* find_limit(const Graph& graph, std::string_view name) {
  for (const GraphLimit& limit : graph.limits) {
    if (limit.name == name) return &limit;
  }
  return nullptr;
}

}  // namespace

double text_width(std::string_view text, double font) {
  double width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = spec::code_point_length(text, at);
    width += length == 0 ? 1 : width_of(spec::code_point(text, at));
    at += std::max<std::size_t>(length, 1);
  }
  return width * font;
}

std::string shortened(std::string_view text, double font, double most) {
  constexpr std::size_t kMostRead = 1000;
  std::string whole = spec::printable(one_line(text, kMostRead));
  if (text_width(whole, font) <= most) return whole;
  const double room = most - font;
  std::size_t at = 0;
  double width = 0;
  while (at < whole.size()) {
    const std::size_t length = std::max<std::size_t>(spec::code_point_length(whole, at), 1);
    width += text_width(std::string_view(whole).substr(at, length), font);
    if (width > room) break;
    at += length;
  }
  return whole.substr(0, at) + "…";
}

std::string limit_text(const GraphLimit& limit) {
  std::string text = limit.name;
  if (limit.slots) text += fmt::format(" {}", *limit.slots);
  if (limit.interval) text += ", " + rate_of_starts(*limit.interval);
  if (limit.memory) text += ", " + short_size(*limit.memory);
  if (!limit.per.empty()) text += ", for each " + limit.per;
  return text;
}

std::vector<std::string> label_lines(const Graph& graph, const GraphNode& node) {
  std::vector<std::string> lines = {shortened(node.name, kNameFont * kBold, kWidestText)};
  const auto add = [&](const std::string& line) {
    lines.push_back(shortened(line, kSmallFont, kWidestText));
  };
  add(node.type + (node.capacity ? fmt::format(" · capacity {}", *node.capacity) : ""));
  if (const std::string line = limits_line(node); !line.empty()) add(line);
  for (std::size_t i = 0; i < node.limits.size(); ++i) {
    if (i + 1 == kMostLimits && node.limits.size() > kMostLimits) {
      add(fmt::format("and {} limits more", node.limits.size() - i));
      break;
    }
    const GraphLimit* limit = find_limit(graph, node.limits[i]);
    add("limit " + (limit == nullptr ? node.limits[i] : limit_text(*limit)));
  }
  return lines;
}

std::size_t first_limit_line(const GraphNode& node) { return limits_line(node).empty() ? 2 : 3; }

std::string edge_label(const GraphEdge& edge) {
  constexpr double kWidest = 120;
  return edge.port == "out" ? "" : shortened(edge.port, kSmallFont, kWidest);
}

bool is_failure(const GraphEdge& edge) { return edge.port == "failed"; }

std::vector<std::string> RunLines::all() const {
  std::vector<std::string> lines = counts;
  lines.insert(lines.end(), note.begin(), note.end());
  return lines;
}

RunLines run_lines(const NodeMarks& marks) {
  constexpr std::size_t kMostLines = 3;
  // "60 done" says it already.
  const bool is_said = marks.state.empty() || marks.state == "done";
  const std::string state = is_said ? "" : marks.state + ": ";
  RunLines lines{wrapped(state + counts_text(marks), kMostLines), {}};
  if (const std::string note = note_text(marks); !note.empty()) {
    lines.note = wrapped(note, kMostLines);
  }
  return lines;
}

std::vector<std::string> all_lines(const Graph& graph, const GraphNode& node,
                                   const NodeMarks* marks) {
  std::vector<std::string> lines = label_lines(graph, node);
  if (marks == nullptr) return lines;
  const std::vector<std::string> run = run_lines(*marks).all();
  lines.insert(lines.end(), run.begin(), run.end());
  return lines;
}

Size node_size(const Graph& graph, const GraphNode& node, const std::vector<std::string>& run) {
  const std::vector<std::string> lines = label_lines(graph, node);
  double width = text_width(lines[0], kNameFont * kBold);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    constexpr double kDot = 12;  // the mark of a shared limit
    width = std::max(width, text_width(lines[i], kSmallFont) + kDot);
  }
  for (const std::string& line : run) {
    width = std::max(width, text_width(line, kSmallFont * kBold));
  }
  double height = kFirstLine + kLine * static_cast<double>(lines.size() + run.size() - 1) + kBelow;
  if (!run.empty()) height += kBar;
  return {std::max(width + 2 * kBeside, kNarrowest), height};
}

Size card_size(const Graph& graph, const GraphNode& node) {
  return {std::max(node_size(graph, node).width, kCountsWidth + 2 * kBeside), kCardHeight};
}

Size label_size(std::string_view label) { return {text_width(label, kSmallFont) + 10, 18}; }

}  // namespace weir::view
