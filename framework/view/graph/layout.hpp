#pragma once

/// Where the nodes and edges of a graph are drawn: a layered layout (Sugiyama, Tagawa and Toda
/// 1981). The same input gives the same picture. Lengths are CSS pixels, from the upper left
/// corner.

#include <cstddef>
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

}  // namespace weir::view
