#pragma once

/// The most that can be under way in a graph, worked out before it runs.

#include <string>
#include <vector>

#include "compile/plan.hpp"

namespace weir::compile {

/// The most that one edge can hold: what was given out on it and has not been begun by its reader.
struct EdgeBound {
  std::string from;  ///< "build", "build.failed"
  std::string to;
  std::int64_t items = 0;
  /// Nodes that may make any number of items of one, so that `items` holds only before what they
  /// make of those that they are at.
  std::vector<std::string> expanding;
};

struct Bounds {
  std::vector<EdgeBound> edges;  ///< in the order of Plan::edges
  std::int64_t bytes = 0;        ///< of all sources together
  std::vector<std::string> warnings;
};

Bounds bounds_of(const Plan& plan);

/// A line for each edge, then one for the bytes.
std::string print(const Bounds& bounds);

}  // namespace weir::compile
