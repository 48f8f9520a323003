#pragma once

/// What the steps of the layout hand on to each other: one connected part of a graph, whose
/// vertices stand in layers. Directions are abstract: `along` is the one in which the edges go,
/// `across` the one in which a layer's vertices follow each other.

#include <cstddef>
#include <limits>
#include <vector>

namespace weir::view {

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// An edge of the graph as the layout sees it: it leads from a lower rank to a higher one.
struct Link {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t length = 1;  ///< ranks between them, at least; 2 if it has a label
};

/// A node, or a dummy: a place that a long edge or its label has in a layer.
struct Vertex {
  enum class Kind { node, label, way } kind = Kind::node;
  std::size_t rank = 0;
  double along = 0;  ///< size
  double across = 0;
  double at = 0;  ///< the centre's place across; `place` sets it
};

struct Layered {
  std::vector<Vertex> vertices;
  /// Neighbours in the layer before and behind, each once.
  std::vector<std::vector<std::size_t>> before;
  std::vector<std::vector<std::size_t>> behind;
  std::vector<std::vector<std::size_t>> layers;  ///< the vertices of each rank, in their order
};

/// The rank of each node: from 0, every link at least as long as it asks for, most of them short.
/// The links must not form a cycle; `order` names the nodes so that all links go forward.
std::vector<std::size_t> ranks_of(const std::vector<std::size_t>& order,
                                  const std::vector<Link>& links);

/// Fills the layers, and orders them so that few edges cross.
void order_layers(Layered& graph);

/// How many pairs of edges cross.
std::size_t count_crossings(const Layered& graph);

/// Sets each vertex's place across: in the order of the layer, with room between them, edges as
/// straight as can be. The first one begins at 0.
void place_vertices(Layered& graph);

}  // namespace weir::view
