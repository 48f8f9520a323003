#include <fmt/format.h>
#include <string_view>

#include "spec/utf8.hpp"
#include "view/graph/label.hpp"
#include "view/graph/pictures.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// Mermaid's own escapes: "#" and a character's number. All that could mean something to it, or to
/// the page that it makes HTML for, is one.
std::string escaped(std::string_view text) {
  std::string to;
  for (const char c : spec::printable(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        byte >= 0x80 || std::string_view(" .,-_/+=").find(c) != std::string_view::npos ||
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    to += is_plain ? std::string(1, c) : fmt::format("#{};", static_cast<int>(byte));
  }
  return to;
}

struct Shape {
  const char* open;
  const char* close;
};

Shape shape_of(const GraphNode& node) {
  if (node.kind == "source") return {"([\"", "\"])"};
  if (node.kind == "queue") return {"[(\"", "\")]"};
  if (node.kind == "sink") return {"[[\"", "\"]]"};
  return {"(\"", "\")"};
}

}  // namespace

std::string mermaid_picture(const Graph& graph, const Marks* marks, Direction direction) {
  std::string to = direction == Direction::right ? "flowchart LR\n" : "flowchart TD\n";
  if (marks != nullptr) to += "  %% run " + spec::printable(one_line(run_text(*marks), 200)) + "\n";
  std::string classes;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    const NodeMarks* const own = find_marks(marks, node.name);
    std::string label;
    for (const std::string& line : all_lines(graph, node, own)) {
      label += (label.empty() ? "" : "<br/>") + escaped(line);
    }
    if (own != nullptr && own->is_bottleneck) {
      classes += fmt::format("  class n{} bottleneck\n", i);
    }
    const Shape shape = shape_of(node);
    to += fmt::format("  n{}{}{}{}\n", i, shape.open, label, shape.close);
  }
  std::string failures;
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const GraphEdge& edge = graph.edges[i];
    const std::string label = edge_label(edge);
    to += fmt::format("  n{} {}{} n{}\n", edge.from, is_failure(edge) ? "-.->" : "-->",
                      label.empty() ? "" : "|\"" + escaped(label) + "\"|", edge.to);
    if (is_failure(edge)) failures += fmt::format("{}{}", failures.empty() ? "" : ",", i);
  }
  if (!failures.empty()) to += fmt::format("  linkStyle {} stroke:#c62828\n", failures);
  if (!classes.empty()) to += "  classDef bottleneck stroke:#d97706,stroke-width:4px\n" + classes;
  return to;
}

}  // namespace weir::view
