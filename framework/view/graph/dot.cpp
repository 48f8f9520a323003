#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "spec/utf8.hpp"
#include "view/graph/label.hpp"
#include "view/graph/pictures.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// Line breaks are those of a label: names have been made harmless.
std::string in_quotes(std::string_view text) {
  std::string to = "\"";
  for (const char c : text) {
    if (c == '\n') {
      to += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
  return to;
}

constexpr const char* kBottleneck = ", penwidth=3, color=\"#d97706\"";

std::string_view shape_of(const GraphNode& node) {
  if (node.kind == "source") return "shape=oval, fillcolor=\"#d6f0e0\"";
  if (node.kind == "queue") return "shape=cylinder, fillcolor=\"#fdeccb\"";
  if (node.kind == "sink") return "shape=house, orientation=180, fillcolor=\"#e8defa\"";
  return "shape=box, fillcolor=\"#dbe8fb\"";
}

}  // namespace

// Nodes have numbers for names, so that no name can be a word of the language.
std::string dot_picture(const Graph& graph, const Marks* marks, Direction direction) {
  std::string to = fmt::format(
      "digraph {} {{\n  rankdir={}\n  node [style=\"rounded,filled\", fontname=\"sans-serif\"]\n"
      "  edge [fontname=\"sans-serif\", fontsize=10]\n",
      in_quotes(spec::printable(graph.name)), direction == Direction::right ? "LR" : "TB");
  if (marks != nullptr) {
    to += fmt::format("  label={}\n",
                      in_quotes("run " + spec::printable(one_line(run_text(*marks), 200))));
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    const NodeMarks* const own = find_marks(marks, node.name);
    const std::string label = fmt::format("{}", fmt::join(all_lines(graph, node, own), "\n"));
    to += fmt::format("  n{} [label={}, tooltip={}, {}{}]\n", i, in_quotes(label),
                      in_quotes(spec::printable(node.name)), shape_of(node),
                      own != nullptr && own->is_bottleneck ? kBottleneck : "");
  }
  for (const GraphEdge& edge : graph.edges) {
    to += fmt::format("  n{} -> n{}", edge.from, edge.to);
    if (is_failure(edge)) {
      to += " [label=\"failed\", style=dashed, color=\"#c62828\", fontcolor=\"#c62828\"]";
    } else if (edge.port != "out") {
      to += fmt::format(" [label={}]", in_quotes(edge_label(edge)));
    }
    to += "\n";
  }
  return to + "}\n";
}

}  // namespace weir::view
