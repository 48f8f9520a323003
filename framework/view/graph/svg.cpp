#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

#include "spec/utf8.hpp"
#include "view/graph/label.hpp"
#include "view/graph/layout_of_graph.hpp"
#include "view/graph/pictures.hpp"
#include "view/graph/svg_style.hpp"

namespace weir::view {
namespace {

constexpr double kLegendRow = 20;
constexpr double kLegendGap = 10;
constexpr std::array kDots = {"#e8590c", "#1c7ed6", "#2f9e44", "#ae3ec9", "#c2a500", "#0c8599"};

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

/// At the end of an edge, where its last curve points. Not a marker: that would need an id, which
/// another picture in the same page may have too.
std::string head_of(const EdgePath& path, bool failure) {
  constexpr double kLong = 9;
  constexpr double kHalf = 4.5;
  const Point tip = path.points.back();
  const Point before = path.points[path.points.size() - 2];
  const double length = std::max(std::hypot(tip.x - before.x, tip.y - before.y), 1e-6);
  const double x = (tip.x - before.x) / length;
  const double y = (tip.y - before.y) / length;
  return fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z\"/>\n",
                     failure ? "failed-head" : "head", tip.x, tip.y, tip.x - kLong * x - kHalf * y,
                     tip.y - kLong * y + kHalf * x, tip.x - kLong * x + kHalf * y,
                     tip.y - kLong * y - kHalf * x);
}

class Svg {
 public:
  Svg(const Graph& graph, const Marks* marks, Direction direction) : graph_(graph), marks_(marks) {
    std::vector<Size> sizes;
    for (const GraphNode& node : graph.nodes) {
      const NodeMarks* const own = find_marks(marks, node.name);
      runs_.push_back(own == nullptr ? RunLines() : run_lines(*own));
      sizes.push_back(node_size(graph, node, runs_.back().all()));
    }
    layout_ = layout_of(graph, direction, sizes);
  }

  std::string draw() {
    const std::vector<std::string> legend = legend_lines();
    double width = std::max(layout_.width, 240.0);
    for (const std::string& line : legend) {
      width = std::max(width, text_width(line, kSmallFont) + 60);
    }
    const double height =
        layout_.height +
        (legend.empty() ? 0 : kLegendRow * static_cast<double>(legend.size()) + kLegendGap);
    to_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"weir-graph\" role=\"img\" "
        "aria-label=\"{2}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\">\n<title>{2}</title>\n<desc>The graph of a pipeline: {3} nodes, {4} "
        "edges.</desc>\n",
        width, height, title(), graph_.nodes.size(), graph_.edges.size());
    to_ += svg_style();
    to_ += "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n";
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) draw_edge(i);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) draw_node(i);
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) draw_label(i);
    draw_legend(legend);
    return to_ + "</svg>\n";
  }

 private:
  std::string title() const {
    return escaped(marks_ == nullptr ? graph_.name : graph_.name + ", run " + run_text(*marks_));
  }

  /// One for each limit; with marks, before them, the run.
  std::vector<std::string> legend_lines() const {
    constexpr double kWidest = 600;
    std::vector<std::string> lines;
    if (marks_ != nullptr) {
      lines.push_back(shortened("run " + run_text(*marks_), kSmallFont, kWidest));
    }
    for (const GraphLimit& limit : graph_.limits) {
      lines.push_back(shortened("limit " + limit_text(limit), kSmallFont, kWidest));
    }
    return lines;
  }

  void draw_edge(std::size_t i) {
    const EdgePath& path = layout_.edges[i];
    if (path.points.empty()) return;
    const bool failure = is_failure(graph_.edges[i]);
    to_ += fmt::format("<path class=\"edge{}\" d=\"{}\"/>\n", failure ? " failed" : "",
                       path_data(path, path.own_curves));
    // What it shares with another edge is drawn once: dashes would fill each other's gaps.
    if (path.own_curves == path.points.size() / 3) to_ += head_of(path, failure);
  }

  void draw_label(std::size_t i) {
    const EdgePath& path = layout_.edges[i];
    if (!path.label) return;
    to_ += fmt::format(
        "<text class=\"label{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        is_failure(graph_.edges[i]) ? " failed-label" : "", path.label->x + path.label->width / 2,
        path.label->y + path.label->height / 2 + 4, escaped(edge_label(graph_.edges[i])));
  }

  /// Before the label's lines from `first` to `end`, which are of shared limits.
  std::string dots(const GraphNode& node, const Box& box, std::size_t first,
                   std::size_t end) const {
    std::string to;
    for (std::size_t i = first; i < end; ++i) {
      if (const char* color = color_of(node.limits[i - first])) {
        to += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", box.x + 20,
                          box.y + kFirstLine + kLine * static_cast<double>(i) - 4, color);
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
    const NodeMarks* const marks = find_marks(marks_, node.name);
    std::string title = fmt::format("{}: {} {}", node.name, node.kind, node.type);
    if (marks != nullptr) title += fmt::format("; {}: {}", marks->state, counts_text(*marks));
    if (marks != nullptr && !marks->note.empty()) title += "; " + note_text(*marks);
    to_ += fmt::format("<g class=\"node {}{}\"><title>{}</title>{}", escaped(node.kind),
                       marks == nullptr ? "" : classes_of(*marks), escaped(title),
                       shape_of(node, box));
    const std::vector<std::string> lines = label_lines(graph_, node);
    const std::size_t first_limit = first_limit_line(node);
    double y = box.y + kFirstLine;
    for (std::size_t i = 0; i < lines.size(); ++i, y += kLine) {
      const char* const style = i == 0 ? "name" : i == 1 ? "soft" : "";
      draw_line(lines[i], style, box.x + (i >= first_limit ? 30 : 16), y);
    }
    to_ += dots(node, box, first_limit, lines.size());
    if (marks != nullptr) draw_run(*marks, runs_[number], box, y);
    to_ += "</g>\n";
  }

  static std::string classes_of(const NodeMarks& marks) {
    std::string classes = " marked";
    if (!marks.state.empty()) classes += " is-" + escaped(marks.state);
    return marks.is_bottleneck ? classes + " bottleneck" : classes;
  }

  void draw_run(const NodeMarks& marks, const RunLines& lines, const Box& box, double y) {
    const auto draw = [&](const std::vector<std::string>& some, const char* style) {
      for (const std::string& line : some) {
        draw_line(line, style, box.x + 16, y);
        y += kLine;
      }
    };
    draw(lines.counts, "strong");
    draw(lines.note, marks.is_bottleneck ? "hold" : "soft");
    to_ += bar_of(marks, box);
  }

  void draw_line(std::string_view text, std::string_view style, double x, double y) {
    to_ +=
        fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                    style.empty() ? "" : fmt::format(" class=\"{}\"", style), x, y, escaped(text));
  }

  void draw_legend(const std::vector<std::string>& lines) {
    double y = layout_.height + kLegendGap / 2;
    const std::size_t first_limit = lines.size() - graph_.limits.size();
    for (std::size_t i = 0; i < lines.size(); ++i, y += kLegendRow) {
      const bool is_limit = i >= first_limit;
      if (is_limit) {
        to_ += fmt::format("<circle cx=\"26\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>", y - 4,
                           color_of(graph_.limits[i - first_limit].name));
      }
      draw_line(lines[i], is_limit ? "" : "strong", is_limit ? 36 : 22, y);
      to_ += "\n";
    }
  }

  const Graph& graph_;
  const Marks* marks_;
  std::vector<RunLines> runs_;  // of each node
  Layout layout_;
  std::string to_;
};

}  // namespace

std::string svg_picture(const Graph& graph, const Marks* marks, Direction direction) {
  return Svg(graph, marks, direction).draw();
}

}  // namespace weir::view
