#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "spec/utf8.hpp"
#include "view/graph/label.hpp"
#include "view/graph/pictures.hpp"

namespace weir::view {
namespace {

constexpr double kLegendRow = 20;
constexpr std::array kDots = {"#e8590c", "#1c7ed6", "#2f9e44", "#ae3ec9", "#c2a500", "#0c8599"};

constexpr std::string_view kStyle = R"(<style>
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-size:11px}
.name{font-size:14px;font-weight:600}
.shape,.rim,.edge{stroke-width:1.5}
.rim,.edge{fill:none}
.bottleneck>.shape{stroke-width:4}
.edge.failed{stroke-dasharray:5 4}
.label{text-anchor:middle;paint-order:stroke;stroke-width:5px;stroke-linejoin:round}
.bar{opacity:.35}
.page{fill:#fff}
text{fill:#1f2733}
.soft{fill:#5b6675}
.source>.shape{fill:#dff3e6;stroke:#3c8f5f}
.function>.shape{fill:#e3edfb;stroke:#4a78b8}
.queue>.shape{fill:#fdf0d5;stroke:#b98a2d}
.queue>.rim{stroke:#b98a2d}
.sink>.shape{fill:#ece4fa;stroke:#7d5fb8}
.bottleneck>.shape{stroke:#d97706}
.edge{stroke:#8a94a3}
.edge.failed{stroke:#c62828}
.head,.bar{fill:#8a94a3}
.failed-head,.failed-bar,text.failed-label{fill:#c62828}
.label{stroke:#fff}
.done-bar{fill:#2f9e44}
.running-bar{fill:#1c7ed6}
@media (prefers-color-scheme:dark){
.page{fill:#14181f}
text{fill:#e6eaf0}
.soft{fill:#a3aebd}
.source>.shape{fill:#163526;stroke:#4fae78}
.function>.shape{fill:#1a2b45;stroke:#6a9be0}
.queue>.shape{fill:#3a2f17;stroke:#d0a349}
.queue>.rim{stroke:#d0a349}
.sink>.shape{fill:#2d2346;stroke:#a588e0}
.bottleneck>.shape{stroke:#f5a742}
.edge{stroke:#77828f}
.edge.failed{stroke:#ff7b72}
.head,.bar{fill:#77828f}
.failed-head,.failed-bar,text.failed-label{fill:#ff7b72}
.label{stroke:#14181f}
.done-bar{fill:#51cf66}
.running-bar{fill:#4dabf7}
}
</style>
)";

std::string escaped(std::string_view text) {
  std::string to;
  for (const char c : spec::printable(text)) {
    if (c == '&') {
      to += "&amp;";
    } else if (c == '<') {
      to += "&lt;";
    } else if (c == '>') {
      to += "&gt;";
    } else if (c == '"') {
      to += "&quot;";
    } else {
      to += c;
    }
  }
  return to;
}

/// A source is a pill, a function a box with round corners, a queue a pipe, a sink a box whose end
/// is round.
std::string shape_of(const GraphNode& node, const Box& box) {
  const double right = box.x + box.width;
  const double bottom = box.y + box.height;
  if (node.kind == "queue") {
    constexpr double kRim = 7;
    const double half = box.height / 2;
    return fmt::format(
        "<path class=\"shape\" d=\"M{0:.1f} {1:.1f}H{2:.1f}A{3} {4:.1f} 0 0 1 {2:.1f} "
        "{5:.1f}H{0:.1f}"
        "A{3} {4:.1f} 0 0 1 {0:.1f} {1:.1f}Z\"/>"
        "<path class=\"rim\" d=\"M{2:.1f} {1:.1f}A{3} {4:.1f} 0 0 0 {2:.1f} {5:.1f}\"/>",
        box.x + kRim, box.y, right - kRim, kRim, half, bottom);
  }
  if (node.kind == "sink") {
    const double round = std::min(box.height / 2, 22.0);
    return fmt::format(
        "<path class=\"shape\" d=\"M{0:.1f} {1:.1f}H{2:.1f}A{3:.1f} {3:.1f} 0 0 1 {4:.1f} {5:.1f}"
        "V{6:.1f}A{3:.1f} {3:.1f} 0 0 1 {2:.1f} {7:.1f}H{0:.1f}Z\"/>",
        box.x, box.y, right - round, round, right, box.y + round, bottom - round, bottom);
  }
  const double round = node.kind == "source" ? std::min(box.height / 2, 22.0) : 6;
  return fmt::format(
      "<rect class=\"shape\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
      "rx=\"{:.1f}\"/>",
      box.x, box.y, box.width, box.height, round);
}

/// The share of done, failed and running items.
std::string bar_of(const NodeMarks& marks, const Box& box) {
  constexpr double kHeight = 4;
  const double x = box.x + 16;
  const double width = box.width - 32;
  const double y = box.y + box.height - 10;
  const auto piece = [&](const char* name, double from, double size) {
    return fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/>", name, from,
        y, size, kHeight);
  };
  std::string to = piece("bar", x, width);
  const auto all = static_cast<double>(
      std::max(marks.in, marks.done + marks.failed + marks.cancelled + marks.running));
  double at = x;
  const auto add = [&](const char* name, std::int64_t count) {
    if (count <= 0 || all <= 0) return;
    const double size = width * static_cast<double>(count) / all;
    to += piece(name, at, size);
    at += size;
  };
  add("done-bar", marks.done);
  add("failed-bar", marks.failed);
  add("running-bar", marks.running);
  return to;
}

class Svg {
 public:
  Svg(const Graph& graph, const Marks* marks, Direction direction)
      : graph_(graph), marks_(marks), layout_(layout_of(graph, direction, marks != nullptr)) {}

  std::string draw() {
    const double legend =
        graph_.limits.empty() ? 0 : kLegendRow * static_cast<double>(graph_.limits.size()) + 10;
    double width = std::max(layout_.width, 240.0);
    for (const GraphLimit& limit : graph_.limits) {
      width = std::max(width, text_width(legend_text(limit), kSmallFont) + 60);
    }
    to_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"desc\">The graph of a pipeline: {3} nodes, "
        "{4} edges.</desc>\n",
        width, layout_.height + legend, escaped(graph_.name), graph_.nodes.size(),
        graph_.edges.size());
    to_ += kStyle;
    to_ +=
        R"(<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0L8 4L0 8Z"/></marker><marker id="failed-head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="failed-head" d="M0 0L8 4L0 8Z"/></marker></defs>
<rect class="page" width="100%" height="100%"/>
)";
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) draw_edge(i);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) draw_node(i);
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) draw_label(i);
    draw_legend();
    return to_ + "</svg>\n";
  }

 private:
  static std::string legend_text(const GraphLimit& limit) {
    return shortened("limit " + limit_text(limit), kSmallFont, 600);
  }

  void draw_edge(std::size_t i) {
    const EdgePath& path = layout_.edges[i];
    if (path.points.empty()) return;
    const bool failure = is_failure(graph_.edges[i]);
    // What it shares with another edge is drawn once: dashes would fill each other's gaps.
    const bool is_whole = path.own_curves == path.points.size() / 3;
    to_ += fmt::format("<path class=\"edge{}\" d=\"{}\"{}/>\n", failure ? " failed" : "",
                       path_data(path, path.own_curves),
                       !is_whole ? ""
                       : failure ? " marker-end=\"url(#failed-head)\""
                                 : " marker-end=\"url(#head)\"");
  }

  void draw_label(std::size_t i) {
    const EdgePath& path = layout_.edges[i];
    if (!path.label) return;
    to_ += fmt::format(
        "<text class=\"label{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        is_failure(graph_.edges[i]) ? " failed-label" : "", path.label->x + path.label->width / 2,
        path.label->y + path.label->height / 2 + 4, escaped(edge_label(graph_.edges[i])));
  }

  std::string dots(const GraphNode& node, const Box& box) const {
    std::string to;
    const double first = kFirstLine + kLine * (node.limit || node.ordered ? 3 : 2);
    for (std::size_t i = 0; i < std::min<std::size_t>(node.limits.size(), 4); ++i) {
      if (const char* color = color_of(node.limits[i])) {
        to += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", box.x + 20,
                          box.y + first + kLine * static_cast<double>(i) - 4, color);
      }
    }
    return to;
  }

  const char* color_of(std::string_view name) const {
    for (std::size_t i = 0; i < graph_.limits.size(); ++i) {
      if (graph_.limits[i].name == name) return kDots[i % kDots.size()];
    }
    return nullptr;
  }

  void draw_node(std::size_t number) {
    const GraphNode& node = graph_.nodes[number];
    const Box& box = layout_.nodes[number];
    const NodeMarks* marks = nullptr;
    if (marks_ != nullptr) {
      if (const auto found = marks_->find(node.name); found != marks_->end()) {
        marks = &found->second;
      }
    }
    std::string title = fmt::format("{}: {} {}", node.name, node.kind, node.type);
    if (marks != nullptr) title += "; " + counts_text(*marks);
    if (marks != nullptr && !marks->note.empty()) title += "; " + marks->note;
    to_ += fmt::format("<g class=\"node {}{}\"><title>{}</title>{}", escaped(node.kind),
                       marks != nullptr && marks->is_bottleneck ? " bottleneck" : "",
                       escaped(title), shape_of(node, box));
    const std::vector<std::string> lines = label_lines(graph_, node);
    const std::size_t first_limit = node.limit || node.ordered ? 3 : 2;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      draw_line(lines[i],
                i == 0   ? "name"
                : i == 1 ? "soft"
                         : "",
                box.x + (i >= first_limit ? 30 : 16),
                box.y + kFirstLine + kLine * static_cast<double>(i));
    }
    to_ += dots(node, box);
    if (marks != nullptr) {
      draw_line(shortened(counts_text(*marks), kSmallFont, box.width - 32), "", box.x + 16,
                box.y + kFirstLine + kLine * static_cast<double>(lines.size()));
      to_ += bar_of(*marks, box);
    }
    to_ += "</g>\n";
  }

  void draw_line(std::string_view text, std::string_view style, double x, double y) {
    to_ +=
        fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                    style.empty() ? "" : fmt::format(" class=\"{}\"", style), x, y, escaped(text));
  }

  void draw_legend() {
    double y = layout_.height;
    for (const GraphLimit& limit : graph_.limits) {
      to_ += fmt::format("<circle cx=\"26\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", y - 4,
                         color_of(limit.name));
      draw_line(legend_text(limit), "", 36, y);
      to_ += "\n";
      y += kLegendRow;
    }
  }

  const Graph& graph_;
  const Marks* marks_;
  Layout layout_;
  std::string to_;
};

}  // namespace

std::string svg_picture(const Graph& graph, const Marks* marks, Direction direction) {
  return Svg(graph, marks, direction).draw();
}

}  // namespace weir::view
