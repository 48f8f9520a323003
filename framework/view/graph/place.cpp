#include <algorithm>
#include <array>
#include <unordered_set>

#include "view/graph/layered.hpp"

namespace weir::view {
namespace {

using Numbers = std::vector<std::size_t>;
using Places = std::vector<double>;

constexpr double kBetweenNodes = 26;
constexpr double kBesideWays = 16;

double separation(const Vertex& a, const Vertex& b) {
  const bool both = a.kind == Vertex::Kind::node && b.kind == Vertex::Kind::node;
  return (a.across + b.across) / 2 + (both ? kBetweenNodes : kBesideWays);
}

/// The graph, looked at from one of its four corners.
struct View {
  std::vector<Numbers> layers;
  const std::vector<Numbers>* neighbours = nullptr;  ///< in the layer that was visited before
  Numbers positions;
};

View view_from(const Layered& graph, bool from_end, bool from_right) {
  View view{graph.layers, from_end ? &graph.behind : &graph.before,
            Numbers(graph.vertices.size(), 0)};
  if (from_end) std::reverse(view.layers.begin(), view.layers.end());
  for (Numbers& layer : view.layers) {
    if (from_right) std::reverse(layer.begin(), layer.end());
    for (std::size_t i = 0; i < layer.size(); ++i) view.positions[layer[i]] = i;
  }
  return view;
}

/// Segments that cross one between two dummies, which is to be straight ("type 1 conflicts").
class Conflicts {
 public:
  explicit Conflicts(const Layered& graph) : size_(graph.vertices.size()) {
    Numbers positions(size_, 0);
    for (const Numbers& layer : graph.layers) {
      for (std::size_t i = 0; i < layer.size(); ++i) positions[layer[i]] = i;
    }
    for (std::size_t rank = 1; rank < graph.layers.size(); ++rank) mark(graph, rank, positions);
  }
  bool has(std::size_t a, std::size_t b) const { return marked_.contains(key(a, b)); }

 private:
  std::size_t key(std::size_t a, std::size_t b) const {
    return std::min(a, b) * size_ + std::max(a, b);
  }
  void mark(const Layered& graph, std::size_t rank, const Numbers& positions) {
    const Numbers& layer = graph.layers[rank];
    std::size_t first = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      std::size_t inner = kNone;
      if (graph.vertices[layer[i]].kind != Vertex::Kind::node) {
        for (const std::size_t other : graph.before[layer[i]]) {
          if (graph.vertices[other].kind != Vertex::Kind::node) inner = positions[other];
        }
      }
      if (inner == kNone && i + 1 < layer.size()) continue;
      const std::size_t last = inner == kNone ? graph.layers[rank - 1].size() : inner;
      for (; begin <= i; ++begin) {
        for (const std::size_t other : graph.before[layer[begin]]) {
          const bool is_inner = graph.vertices[other].kind != Vertex::Kind::node &&
                                graph.vertices[layer[begin]].kind != Vertex::Kind::node;
          const std::size_t at = positions[other];
          if (!is_inner && (at < first || at > last)) marked_.insert(key(other, layer[begin]));
        }
      }
      first = last;
    }
  }

  std::size_t size_;
  std::unordered_set<std::size_t> marked_;
};

/// The root of each vertex's block; what is in a block stands on one line.
Numbers align(const View& view, const Conflicts& conflicts) {
  Numbers root(view.positions.size());
  Numbers next(view.positions.size());
  for (std::size_t i = 0; i < root.size(); ++i) root[i] = next[i] = i;
  for (const Numbers& layer : view.layers) {
    std::size_t free = 0;  // the first position that may still be aligned with
    for (const std::size_t vertex : layer) {
      Numbers around = (*view.neighbours)[vertex];
      if (around.empty()) continue;
      std::sort(around.begin(), around.end(), [&](std::size_t a, std::size_t b) {
        return view.positions[a] < view.positions[b];
      });
      for (std::size_t i = (around.size() - 1) / 2; i <= around.size() / 2; ++i) {
        const std::size_t other = around[i];
        if (next[vertex] != vertex || view.positions[other] < free) continue;
        if (conflicts.has(vertex, other)) continue;
        next[other] = vertex;
        root[vertex] = root[other];
        next[vertex] = root[vertex];
        free = view.positions[other] + 1;
      }
    }
  }
  return root;
}

struct Step {
  std::size_t to = 0;
  double least = 0;
};

/// Blocks as far left as they can, then those that have room to where they are wanted. In place of
/// the paper's classes, longest paths in the graph of blocks, which can't put two vertices of one
/// layer too close (as the paper's can: its erratum of 2020).
Places compact(const Layered& graph, const View& view, const Numbers& root) {
  std::vector<std::vector<Step>> right(root.size());
  Numbers waiting(root.size(), 0);
  for (const Numbers& layer : view.layers) {
    for (std::size_t i = 1; i < layer.size(); ++i) {
      right[root[layer[i - 1]]].push_back(
          {root[layer[i]], separation(graph.vertices[layer[i - 1]], graph.vertices[layer[i]])});
      ++waiting[root[layer[i]]];
    }
  }
  Numbers order;
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (root[i] == i && waiting[i] == 0) order.push_back(i);
  }
  Places at(root.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const Step& step : right[order[i]]) {
      at[step.to] = std::max(at[step.to], at[order[i]] + step.least);
      if (--waiting[step.to] == 0) order.push_back(step.to);
    }
  }
  for (auto block = order.rbegin(); block != order.rend(); ++block) {
    if (right[*block].empty()) continue;
    double most = std::numeric_limits<double>::max();
    for (const Step& step : right[*block]) most = std::min(most, at[step.to] - step.least);
    at[*block] = std::max(at[*block], most);
  }
  Places places(root.size(), 0);
  for (std::size_t i = 0; i < root.size(); ++i) places[i] = at[root[i]];
  return places;
}

struct Extent {
  double begin = std::numeric_limits<double>::max();
  double end = std::numeric_limits<double>::lowest();
};

Extent extent_of(const Layered& graph, const Places& places) {
  Extent extent;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double half = graph.vertices[i].across / 2;
    extent.begin = std::min(extent.begin, places[i] - half);
    extent.end = std::max(extent.end, places[i] + half);
  }
  return extent;
}

}  // namespace

// Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001): blocks of vertices
// on a line, made four times, from each corner; each vertex gets the mean of its two middle places.
void place_vertices(Layered& graph) {
  if (graph.vertices.empty()) return;
  const Conflicts conflicts(graph);
  std::array<Places, 4> all;
  std::array<Extent, 4> extents;
  std::size_t narrowest = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool from_right = i % 2 == 1;
    const View view = view_from(graph, i >= 2, from_right);
    all[i] = compact(graph, view, align(view, conflicts));
    if (from_right) {
      for (double& place : all[i]) place = -place;
    }
    extents[i] = extent_of(graph, all[i]);
    const auto width = [&](std::size_t j) { return extents[j].end - extents[j].begin; };
    if (width(i) < width(narrowest)) narrowest = i;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double shift = i % 2 == 1 ? extents[narrowest].end - extents[i].end
                                    : extents[narrowest].begin - extents[i].begin;
    for (double& place : all[i]) place += shift;
  }
  Places places(graph.vertices.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::array<double, 4> four{all[0][i], all[1][i], all[2][i], all[3][i]};
    std::sort(four.begin(), four.end());
    places[i] = (four[1] + four[2]) / 2;
  }
  const double begin = extent_of(graph, places).begin;
  for (std::size_t i = 0; i < places.size(); ++i) graph.vertices[i].at = places[i] - begin;
}

}  // namespace weir::view
