#pragma once

/// Where the nodes and edges of a pipeline's graph are drawn, with their labels.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "view/graph/layout.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

/// With room for its labels (view/graph/label.hpp). `with_counts`: and for a
/// line with the counts of a run in each node.
Layout layout_of(const Graph& graph, Direction direction = Direction::right,
                 bool with_counts = false);

/// The same with nodes of these sizes.
Layout layout_of(const Graph& graph, Direction direction, const std::vector<Size>& nodes);

/// For pages that draw it: {"width", "height", "nodes": [{"name", "x", "y", "width", "height",
/// "lines"}], "edges": [{"from", "port", "to", "path", "label"}]}; a path is SVG's, an edge without
/// a label has none.
nlohmann::ordered_json layout_json(const Graph& graph, const Layout& layout);

/// "M0 0C10 0 20 5 30 5": the first so many curves.
std::string path_data(const EdgePath& edge, std::size_t curves);

}  // namespace weir::view
