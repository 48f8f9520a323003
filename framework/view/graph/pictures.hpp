#pragma once

/// A graph in the formats that other programs read or draw. `marks` may be null: what a run did.

#include <string>

#include "view/graph/layout.hpp"
#include "view/graph/marks.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

/// For people at a terminal: a table, and below it what holds nodes back.
std::string text_picture(const Graph& graph, const Marks& marks);

/// For Graphviz.
std::string dot_picture(const Graph& graph, const Marks* marks, Direction direction);

/// A flowchart for Mermaid.
std::string mermaid_picture(const Graph& graph, const Marks* marks, Direction direction);

/// Complete: no script, no reference to anything outside; light or dark, as the reader prefers.
std::string svg_picture(const Graph& graph, const Marks* marks, Direction direction);

/// The graph's JSON; with marks it has "run" too, and so has each node that has them.
std::string json_picture(const Graph& graph, const Marks* marks);

}  // namespace weir::view
