#include "view/graph/route.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace weir::view {
namespace {

constexpr double kGap = 44;
constexpr double kGapAtLabels = 22;
constexpr double kMostSteepness = 0.1;  ///< of a gap's width for each pixel that an edge climbs
constexpr double kMostExtra = 90;

struct Slab {
  double begin = 0;
  double end = 0;
};

bool has_nodes(const Layered& graph, const std::vector<std::size_t>& layer) {
  return std::any_of(layer.begin(), layer.end(), [&](std::size_t vertex) {
    return graph.vertices[vertex].kind == Vertex::Kind::node;
  });
}

/// Wider where an edge climbs a lot, so that it doesn't get too steep.
double gap_behind(const Layered& graph, std::size_t rank) {
  double climb = 0;
  for (const std::size_t vertex : graph.layers[rank]) {
    for (const std::size_t other : graph.behind[vertex]) {
      climb = std::max(climb, std::abs(graph.vertices[other].at - graph.vertices[vertex].at));
    }
  }
  const bool both =
      has_nodes(graph, graph.layers[rank]) && has_nodes(graph, graph.layers[rank + 1]);
  return (both ? kGap : kGapAtLabels) + std::min(climb * kMostSteepness, kMostExtra);
}

std::vector<Slab> slabs_of(const Layered& graph) {
  std::vector<Slab> slabs;
  double at = 0;
  for (std::size_t rank = 0; rank < graph.layers.size(); ++rank) {
    double size = 0;
    for (const std::size_t v : graph.layers[rank]) size = std::max(size, graph.vertices[v].along);
    slabs.push_back({at, at + size});
    if (rank + 1 < graph.layers.size()) at += size + gap_behind(graph, rank);
  }
  return slabs;
}

/// Where edges leave each node: the main ones in its middle, others on the side to which they go.
class Exits {
 public:
  Exits(const Layered& graph, const std::vector<Way>& ways) : graph_(graph) {
    std::map<std::size_t, std::set<std::pair<double, std::size_t>>> others;
    std::set<std::size_t> with_main;
    for (const Way& way : ways) {
      const std::size_t next = way.vertices[1];
      if (way.is_main) {
        with_main.insert(way.vertices[0]);
      } else {
        others[way.vertices[0]].emplace(graph.vertices[next].at, next);
      }
    }
    for (const auto& [node, ends] : others) spread(node, ends, with_main.contains(node));
  }

  double of(const Way& way) const {
    const double middle = graph_.vertices[way.vertices[0]].at;
    if (way.is_main) return middle;
    return middle + offsets_.at({way.vertices[0], way.vertices[1]});
  }

 private:
  void spread(std::size_t node, const std::set<std::pair<double, std::size_t>>& ends, bool main) {
    const double room = graph_.vertices[node].across * 0.3;
    const double middle = graph_.vertices[node].at;
    std::vector<std::size_t> left;
    std::vector<std::size_t> right;
    for (const auto& [at, next] : ends) (at < middle ? left : right).push_back(next);
    if (!main && ends.size() == 1) {
      offsets_[{node, ends.begin()->second}] = 0;
      return;
    }
    const auto part = [&](std::size_t i, std::size_t of) {
      return room * static_cast<double>(i) / static_cast<double>(of);
    };
    for (std::size_t i = 0; i < left.size(); ++i) {
      offsets_[{node, left[i]}] = -part(left.size() - i, left.size());
    }
    for (std::size_t i = 0; i < right.size(); ++i) {
      offsets_[{node, right[i]}] = part(i + 1, right.size());
    }
  }

  const Layered& graph_;
  std::map<std::pair<std::size_t, std::size_t>, double> offsets_;
};

void line_to(std::vector<Point>& points, double along) {
  const Point from = points.back();
  if (along - from.x < 0.01) return;
  const double third = (along - from.x) / 3;
  points.insert(points.end(), {{from.x + third, from.y}, {along - third, from.y}, {along, from.y}});
}

void curve_to(std::vector<Point>& points, Point to) {
  const Point from = points.back();
  const double half = (to.x - from.x) / 2;
  points.insert(points.end(), {{from.x + half, from.y}, {to.x - half, to.y}, to});
}

}  // namespace

// Inside a layer an edge goes straight ahead, where `place_vertices` has made room for it; it bends
// only between layers. So it can't touch a node, and is smooth.
Routed route(const Layered& graph, const std::vector<Way>& ways) {
  const std::vector<Slab> slabs = slabs_of(graph);
  Routed routed;
  routed.along = slabs.empty() ? 0 : slabs.back().end;
  const auto slab_of = [&](std::size_t vertex) { return slabs[graph.vertices[vertex].rank]; };
  for (std::size_t i = 0; i < graph.vertices.size(); ++i) {
    const Vertex& vertex = graph.vertices[i];
    routed.starts.push_back((slab_of(i).begin + slab_of(i).end - vertex.along) / 2);
    routed.across = std::max(routed.across, vertex.at + vertex.across / 2);
  }
  const Exits exits(graph, ways);
  std::set<std::pair<std::size_t, std::size_t>> drawn;
  for (const Way& way : ways) {
    EdgePath path;
    const std::size_t first = way.vertices.front();
    path.points.push_back({routed.starts[first] + graph.vertices[first].along, exits.of(way)});
    bool shared = false;
    for (std::size_t i = 1; i < way.vertices.size(); ++i) {
      const std::size_t vertex = way.vertices[i];
      const std::size_t before = way.vertices[i - 1];
      // Only what leads on from a dummy can be another edge's too.
      const bool is_new = drawn.emplace(before, vertex).second;
      if (!is_new && i > 1 && !shared) {
        shared = true;
        path.own_curves = path.points.size() / 3;
      }
      line_to(path.points, slab_of(before).end);
      curve_to(path.points, {slab_of(vertex).begin, graph.vertices[vertex].at});
      if (graph.vertices[vertex].kind == Vertex::Kind::label) {
        const Vertex& label = graph.vertices[vertex];
        path.label =
            Box{routed.starts[vertex], label.at - label.across / 2, label.along, label.across};
      }
    }
    line_to(path.points, routed.starts[way.vertices.back()]);
    if (!shared) path.own_curves = path.points.size() / 3;
    routed.edges.push_back(std::move(path));
  }
  return routed;
}

}  // namespace weir::view
