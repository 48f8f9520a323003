#include "view/text.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "view/graph/label.hpp"
#include "view/graph/pictures.hpp"
#include "view/table.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kLongestNote = 300;

std::string limit_of(const GraphNode& node) {
  std::string text;
  if (node.limit) text = fmt::format("limit {}", *node.limit);
  for (const std::string& name : node.limits) text += (text.empty() ? "limit " : ", ") + name;
  if (text.empty() && node.kind == "function") text = "unlimited";
  if (node.capacity) text = fmt::format("capacity {}", *node.capacity);
  return node.ordered ? text + ", ordered" : text;
}

std::vector<std::string> inputs_of(const Graph& graph) {
  std::vector<std::string> inputs(graph.nodes.size());
  for (const GraphEdge& edge : graph.edges) {
    std::string& text = inputs[edge.to];
    text += (text.empty() ? "<- " : ", ") + graph.nodes[edge.from].name;
    if (edge.port != "out") text += "." + edge.port;
  }
  return inputs;
}

/// A column with a count: it is there if any node has one.
struct Column {
  const char* name;
  std::int64_t NodeMarks::*count;
  bool is_always;
};

constexpr Column kColumns[] = {{"in", &NodeMarks::in, true},
                               {"done", &NodeMarks::done, true},
                               {"failed", &NodeMarks::failed, true},
                               {"cancelled", &NodeMarks::cancelled, false},
                               {"cut off", &NodeMarks::cut_off, false},
                               {"running", &NodeMarks::running, false},
                               {"waiting", &NodeMarks::waiting, true}};

bool is_shown(const Column& column, const Marks& marks) {
  return column.is_always ||
         std::any_of(marks.nodes.begin(), marks.nodes.end(),
                     [&](const auto& node) { return node.second.*column.count != 0; });
}

}  // namespace

std::string text_picture(const Graph& graph, const Marks& marks) {
  const std::vector<std::string> inputs = inputs_of(graph);
  std::vector<TableRow> rows = {{"node", "", "", "", "state"}};
  for (const Column& column : kColumns) {
    if (is_shown(column, marks)) rows[0].emplace_back(column.name);
  }
  std::string notes;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    const NodeMarks* own = find_marks(&marks, node.name);
    const std::string name = one_line(node.name, kLongestName);
    TableRow& row = rows.emplace_back(TableRow{name, node.kind + " " + node.type, limit_of(node),
                                               one_line(inputs[i], kLongestNote),
                                               own == nullptr ? "-" : own->state});
    for (const Column& column : kColumns) {
      if (!is_shown(column, marks)) continue;
      row.push_back(own == nullptr ? "-" : std::to_string(own->*column.count));
    }
    if (own != nullptr && !note_text(*own).empty()) {
      notes += fmt::format("{}: {}\n", name, one_line(note_text(*own), kLongestNote));
    }
  }
  return fmt::format("{}, run {}\n{}{}", one_line(graph.name, kLongestName),
                     one_line(run_text(marks), kLongestNote), table(rows, 5), notes);
}

}  // namespace weir::view
