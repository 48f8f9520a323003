#pragma once

/// Where the nodes and edges of a pipeline's graph are drawn, with their labels.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "view/graph/layout.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

/// With room for its labels (view/graph/label.hpp).
Layout layout_of(const Graph& graph, Direction direction = Direction::right);

/// The same with nodes of these sizes.
Layout layout_of(const Graph& graph, Direction direction, const std::vector<Size>& nodes);

/// For a page that shows how a run stands: all nodes are as high as its counts need. Edges go to
/// the right, or down where all of it is so wide that a screen would show it much smaller.
Layout layout_for_page(const Graph& graph);

/// For pages that draw it: {"width", "height", "nodes": [{"name", "x", "y", "width", "height",
/// "lines"}], "edges": [{"from", "port", "to", "path", "label"}]}; a path is SVG's, an edge without
/// a label has none.
nlohmann::ordered_json layout_json(const Graph& graph, const Layout& layout);

/// "M0 0C10 0 20 5 30 5": the first so many curves.
std::string path_data(const EdgePath& edge, std::size_t curves);

}  // namespace weir::view
