#pragma once

/// Where the nodes and edges of a graph are drawn: a layered layout (Sugiyama, Tagawa and Toda
/// 1981). The same input gives the same picture. Lengths are CSS pixels, from the upper left
/// corner.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "view/graph/model.hpp"

namespace weir::view {

struct Point {
  double x = 0;
  double y = 0;
};

struct Size {
  double width = 0;
  double height = 0;
};

struct Box {
  double x = 0;  ///< of its upper left corner
  double y = 0;
  double width = 0;
  double height = 0;
};

/// Where the edges go.
enum class Direction { right, down };

/// An edge to lay out.
struct LaidEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::optional<Size> label;
  bool is_main = true;  ///< leaves in the middle; others leave beside it
  /// Edges to the same node with the same word here share their way, where they can.
  std::string way;
};

struct EdgePath {
  /// Cubic Bézier curves: the start, then two control points and an end for each. Empty: an edge
  /// from a node to itself.
  std::vector<Point> points;
  /// How many curves of them no edge before has: behind them it goes where another one goes too.
  std::size_t own_curves = 0;
  std::optional<Box> label;  ///< lies on the edge
};

struct Layout {
  double width = 0;
  double height = 0;
  std::vector<Box> nodes;
  std::vector<EdgePath> edges;
};

/// No two nodes or labels overlap, nor does an edge cross a node, unless a graph is so large (its
/// edges pass more than 200,000 nodes' ranks) that its longest edges go straight.
Layout lay_out(const std::vector<Size>& nodes, const std::vector<LaidEdge>& edges,
               Direction direction);

/// The same of a graph, with room for its labels (view/graph/label.hpp).
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
