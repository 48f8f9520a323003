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

/// Below the table: what there is to say, once for all nodes that it is true of.
class Notes {
 public:
  void add(const std::string& name, const std::string& note) {
    if (note.empty()) return;
    const auto same = std::find_if(notes_.begin(), notes_.end(),
                                   [&](const auto& other) { return other.first == note; });
    if (same == notes_.end()) {
      notes_.emplace_back(note, name);
    } else {
      same->second += ", " + name;
    }
  }
  std::string text() const {
    std::string to;
    for (const auto& [note, names] : notes_) {
      to += fmt::format("{}: {}\n", one_line(names, kLongestNote), one_line(note, kLongestNote));
    }
    return to;
  }

 private:
  std::vector<std::pair<std::string, std::string>> notes_;
};

/// Each line of `table` with its input behind it, where all the others have room before it.
std::string with_inputs(const std::string& table, const std::vector<std::string>& inputs) {
  std::string to;
  std::size_t at = 0;
  for (std::size_t row = 0; at < table.size(); ++row) {
    const std::size_t end = table.find('\n', at);
    to += table.substr(at, end - at);
    // The first row has the columns' names.
    if (row > 0 && !inputs[row - 1].empty()) to += "  " + one_line(inputs[row - 1], kLongestNote);
    to += '\n';
    at = end + 1;
  }
  return to;
}

}  // namespace

std::string text_picture(const Graph& graph, const Marks& marks) {
  std::vector<TableRow> rows = {{"node", "", "", "state"}};
  for (const Column& column : kColumns) {
    if (is_shown(column, marks)) rows[0].emplace_back(column.name);
  }
  Notes notes;
  for (const GraphNode& node : graph.nodes) {
    const NodeMarks* own = find_marks(&marks, node.name);
    const std::string name = one_line(node.name, kLongestName);
    TableRow& row = rows.emplace_back(TableRow{name, node.kind + " " + node.type, limit_of(node),
                                               own == nullptr ? "-" : own->state});
    for (const Column& column : kColumns) {
      if (!is_shown(column, marks)) continue;
      row.push_back(own == nullptr ? "-" : std::to_string(own->*column.count));
    }
    if (own != nullptr) notes.add(name, note_text(*own));
  }
  return fmt::format("{}, run {}\n{}{}", one_line(graph.name, kLongestName),
                     one_line(run_text(marks), kLongestNote),
                     with_inputs(table(rows, 4), inputs_of(graph)), notes.text());
}

}  // namespace weir::view
