#pragma once

/// From layers to coordinates.

#include <vector>

#include "view/graph/layered.hpp"
#include "view/graph/layout.hpp"

namespace weir::view {

/// The vertices that an edge passes, its ends included.
struct Way {
  std::size_t edge = 0;  ///< index into the layout's edges
  bool reversed = false;
  bool is_main = true;
  std::vector<std::size_t> vertices;
};

struct Routed {
  double along = 0;  ///< size of the whole
  double across = 0;
  std::vector<double> starts;   ///< of each vertex, along
  std::vector<EdgePath> edges;  ///< of each way; x is along, y across
};

/// `graph` has been placed.
Routed route(const Layered& graph, const std::vector<Way>& ways);

}  // namespace weir::view
