#include <algorithm>
#include <cstdint>
#include <utility>

#include "view/graph/layered.hpp"

namespace weir::view {
namespace {

using Positions = std::vector<std::size_t>;

constexpr std::size_t kMostSweeps = 24;
constexpr std::size_t kPatience = 6;        ///< sweeps without a gain
constexpr std::size_t kSteps = 4'000'000;   ///< vertices and edges that all sweeps may visit
constexpr std::size_t kWidestToSwap = 400;  ///< a layer in which neighbours are tried both ways

void set_positions(const std::vector<std::size_t>& layer, Positions& positions) {
  for (std::size_t i = 0; i < layer.size(); ++i) positions[layer[i]] = i;
}

std::vector<std::size_t> sorted_positions(const std::vector<std::size_t>& vertices,
                                          const Positions& positions) {
  std::vector<std::size_t> sorted;
  sorted.reserve(vertices.size());
  for (const std::size_t vertex : vertices) sorted.push_back(positions[vertex]);
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// Between a layer and the one behind it: Barth, Jünger and Mutzel (2002), with an accumulator
/// tree.
std::size_t crossings_behind(const Layered& graph, std::size_t rank, const Positions& positions) {
  if (rank + 1 >= graph.layers.size()) return 0;
  std::size_t leaf = 1;
  while (leaf < graph.layers[rank + 1].size()) leaf *= 2;
  std::vector<std::size_t> tree(2 * leaf, 0);
  std::size_t crossings = 0;
  for (const std::size_t vertex : graph.layers[rank]) {
    const std::vector<std::size_t> ends = sorted_positions(graph.behind[vertex], positions);
    for (const std::size_t end : ends) {
      for (std::size_t at = end + leaf; at > 1; at /= 2) {
        if (at % 2 == 0) crossings += tree[at + 1];
      }
    }
    for (const std::size_t end : ends) {
      for (std::size_t at = end + leaf; at > 0; at /= 2) ++tree[at];
    }
  }
  return crossings;
}

std::size_t all_crossings(const Layered& graph, const Positions& positions) {
  std::size_t sum = 0;
  for (std::size_t rank = 0; rank < graph.layers.size(); ++rank) {
    sum += crossings_behind(graph, rank, positions);
  }
  return sum;
}

/// Depth first, so that what belongs together begins together.
void fill(Layered& graph) {
  std::size_t ranks = 0;
  for (const Vertex& vertex : graph.vertices) ranks = std::max(ranks, vertex.rank + 1);
  graph.layers.assign(ranks, {});
  std::vector<bool> seen(graph.vertices.size(), false);
  for (std::size_t start = 0; start < graph.vertices.size(); ++start) {
    if (!graph.before[start].empty()) continue;
    std::vector<std::size_t> stack{start};
    while (!stack.empty()) {
      const std::size_t vertex = stack.back();
      stack.pop_back();
      if (seen[vertex]) continue;
      seen[vertex] = true;
      graph.layers[graph.vertices[vertex].rank].push_back(vertex);
      const std::vector<std::size_t>& next = graph.behind[vertex];
      stack.insert(stack.end(), next.rbegin(), next.rend());
    }
  }
}

/// The weighted median of Gansner et al. (1993); -1 without neighbours.
double median(const std::vector<std::size_t>& neighbours, const Positions& positions) {
  const std::vector<std::size_t> at = sorted_positions(neighbours, positions);
  const auto value = [&](std::size_t i) { return static_cast<double>(at[i]); };
  const std::size_t half = at.size() / 2;
  if (at.empty()) return -1;
  if (at.size() % 2 == 1) return value(half);
  if (at.size() == 2) return (value(0) + value(1)) / 2;
  const double left = value(half - 1) - value(0);
  const double right = value(at.size() - 1) - value(half);
  if (left + right <= 0) return value(half);
  return (value(half - 1) * right + value(half) * left) / (left + right);
}

/// Those without neighbours keep their places.
void sort_by_median(std::vector<std::size_t>& layer,
                    const std::vector<std::vector<std::size_t>>& neighbours, Positions& positions) {
  std::vector<std::pair<double, std::size_t>> movable;
  std::vector<std::size_t> slots;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const double value = median(neighbours[layer[i]], positions);
    if (value < 0) continue;
    movable.emplace_back(value, layer[i]);
    slots.push_back(i);
  }
  std::stable_sort(movable.begin(), movable.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < slots.size(); ++i) layer[slots[i]] = movable[i].second;
  set_positions(layer, positions);
}

/// How many pairs cross if what leads to `left` is on the left: both are sorted.
std::int64_t crossings_of(const std::vector<std::size_t>& left,
                          const std::vector<std::size_t>& right) {
  std::int64_t crossings = 0;
  std::size_t smaller = 0;
  for (const std::size_t end : left) {
    while (smaller < right.size() && right[smaller] < end) ++smaller;
    crossings += static_cast<std::int64_t>(smaller);
  }
  return crossings;
}

bool swaps_gain(const Layered& graph, std::size_t left, std::size_t right,
                const Positions& positions) {
  std::int64_t gain = 0;
  for (const auto* neighbours : {&graph.before, &graph.behind}) {
    const auto a = sorted_positions((*neighbours)[left], positions);
    const auto b = sorted_positions((*neighbours)[right], positions);
    gain += crossings_of(a, b) - crossings_of(b, a);
  }
  return gain > 0;
}

void transpose(Layered& graph, Positions& positions) {
  constexpr int kMostPasses = 4;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    bool improved = false;
    for (std::vector<std::size_t>& layer : graph.layers) {
      if (layer.size() > kWidestToSwap) continue;
      for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
        if (!swaps_gain(graph, layer[i], layer[i + 1], positions)) continue;
        std::swap(layer[i], layer[i + 1]);
        std::swap(positions[layer[i]], positions[layer[i + 1]]);
        improved = true;
      }
    }
    if (!improved) return;
  }
}

std::size_t size_of(const Layered& graph) {
  std::size_t size = graph.vertices.size();
  for (const auto& next : graph.behind) size += next.size();
  return size;
}

Positions positions_of(const Layered& graph) {
  Positions positions(graph.vertices.size(), 0);
  for (const auto& layer : graph.layers) set_positions(layer, positions);
  return positions;
}

}  // namespace

std::size_t count_crossings(const Layered& graph) {
  return all_crossings(graph, positions_of(graph));
}

// The sweeps of Sugiyama et al. (1981), with the medians and the swaps of Gansner et al. (1993).
void order_layers(Layered& graph) {
  fill(graph);
  Positions positions = positions_of(graph);
  const std::size_t sweeps =
      std::clamp<std::size_t>(kSteps / std::max<std::size_t>(size_of(graph), 1), 2, kMostSweeps);
  auto best = graph.layers;
  std::size_t fewest = all_crossings(graph, positions);
  std::size_t without_gain = 0;
  for (std::size_t sweep = 0; sweep < sweeps && fewest != 0 && without_gain < kPatience; ++sweep) {
    const bool forward = sweep % 2 == 0;
    for (std::size_t i = 1; i < graph.layers.size(); ++i) {
      const std::size_t rank = forward ? i : graph.layers.size() - 1 - i;
      sort_by_median(graph.layers[rank], forward ? graph.before : graph.behind, positions);
    }
    transpose(graph, positions);
    const std::size_t crossings = all_crossings(graph, positions);
    ++without_gain;
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = graph.layers;
    without_gain = 0;
  }
  graph.layers = std::move(best);
}

}  // namespace weir::view
