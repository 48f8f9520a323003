#include <chrono>
#include <gtest/gtest.h>
#include <random>

#include "view/graph/layered.hpp"
#include "view/graph/layout_of_graph.hpp"

namespace weir::view {
namespace {

struct Sample {
  std::vector<Size> nodes;
  std::vector<LaidEdge> edges;
};

/// Any acyclic graph: parts that hang together or not, long and doubled edges, labels.
Sample random_sample(std::mt19937& random, std::size_t nodes, std::size_t edges) {
  const auto up_to = [&](std::size_t most) { return random() % (most + 1); };
  Sample sample;
  for (std::size_t i = 0; i < nodes; ++i) {
    sample.nodes.push_back(
        {static_cast<double>(80 + up_to(200)), static_cast<double>(40 + up_to(60))});
  }
  for (std::size_t i = 0; nodes > 1 && i < edges; ++i) {
    const std::size_t to = 1 + up_to(nodes - 2);
    const std::size_t from = up_to(4) == 0 ? up_to(to - 1) : to - 1 - up_to(std::min(to - 1, 8UL));
    LaidEdge edge{from, to, {}, true, {}};
    if (up_to(3) == 0) {
      edge.label = Size{50, 18};
      edge.is_main = false;
      edge.way = "failed";
    }
    sample.edges.push_back(edge);
  }
  return sample;
}

bool overlap(const Box& a, const Box& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

std::vector<Box> boxes_of(const Layout& layout) {
  std::vector<Box> boxes = layout.nodes;
  for (const EdgePath& edge : layout.edges) {
    if (edge.label) boxes.push_back(*edge.label);
  }
  return boxes;
}

void expect_sound(const Sample& sample, const Layout& layout, Direction direction) {
  const std::vector<Box> boxes = boxes_of(layout);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box& box = boxes[i];
    EXPECT_TRUE(box.x >= 0 && box.y >= 0 && box.x + box.width <= layout.width &&
                box.y + box.height <= layout.height);
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(box, boxes[j])) << i << ' ' << j;
  }
  for (std::size_t i = 0; i < sample.edges.size(); ++i) {
    const EdgePath& edge = layout.edges[i];
    ASSERT_GE(edge.points.size(), 4U);
    EXPECT_EQ(edge.points.size() % 3, 1U);
    EXPECT_EQ(edge.label.has_value(), sample.edges[i].label.has_value());
    for (std::size_t j = 0; j < edge.points.size(); ++j) {
      const Point& point = edge.points[j];
      EXPECT_TRUE(point.x >= 0 && point.y >= 0 && point.x <= layout.width &&
                  point.y <= layout.height);
      if (j == 0) continue;
      const Point& before = edge.points[j - 1];
      const bool right = direction == Direction::right;
      EXPECT_GE(right ? point.x : point.y, (right ? before.x : before.y) - 0.01);
    }
  }
}

/// Points on the edges, none of which may be inside of a node.
void expect_edges_beside_nodes(const Layout& layout) {
  for (const EdgePath& edge : layout.edges) {
    for (std::size_t i = 0; i + 3 < edge.points.size(); i += 3) {
      for (double t = 0.05; t < 1; t += 0.1) {
        const auto at = [&](auto axis) {
          const double u = 1 - t;
          return u * u * u * edge.points[i].*axis + 3 * u * u * t * edge.points[i + 1].*axis +
                 3 * u * t * t * edge.points[i + 2].*axis + t * t * t * edge.points[i + 3].*axis;
        };
        const Box point{at(&Point::x), at(&Point::y), 0, 0};
        for (const Box& node : layout.nodes) ASSERT_FALSE(overlap(point, node));
      }
    }
  }
}

TEST(Layout, OfAnyGraphIsSound) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const std::size_t nodes = 1 + random() % 60;
    const Sample sample = random_sample(random, nodes, random() % (2 * nodes));
    for (const Direction direction : {Direction::right, Direction::down}) {
      const Layout layout = lay_out(sample.nodes, sample.edges, direction);
      expect_sound(sample, layout, direction);
      expect_edges_beside_nodes(layout);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Layout, IsTheSameEachTime) {
  std::mt19937 random(7);
  const Sample sample = random_sample(random, 50, 80);
  const Layout a = lay_out(sample.nodes, sample.edges, Direction::right);
  const Layout b = lay_out(sample.nodes, sample.edges, Direction::right);
  for (std::size_t i = 0; i < a.edges.size(); ++i) {
    EXPECT_EQ(path_data(a.edges[i], a.edges[i].own_curves),
              path_data(b.edges[i], b.edges[i].own_curves));
  }
}

/// A graph whose vertices stand in two layers.
Layered two_layers(std::size_t each,
                   const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  Layered graph;
  graph.vertices.resize(2 * each);
  graph.before.resize(2 * each);
  graph.behind.resize(2 * each);
  for (std::size_t i = 0; i < each; ++i) graph.vertices[each + i].rank = 1;
  for (const auto& [from, to] : edges) {
    graph.behind[from].push_back(each + to);
    graph.before[each + to].push_back(from);
  }
  return graph;
}

TEST(Layout, CrossesNoEdgesThatNeedNotCross) {
  // A reversed matching, and K(3,3), which has at least 9 crossings in two layers.
  Layered matching =
      two_layers(9, {{0, 8}, {1, 7}, {2, 6}, {3, 5}, {4, 4}, {5, 3}, {6, 2}, {7, 1}, {8, 0}});
  order_layers(matching);
  EXPECT_EQ(count_crossings(matching), 0U);
  Layered complete =
      two_layers(3, {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}});
  order_layers(complete);
  EXPECT_EQ(count_crossings(complete), 9U);
}

TEST(Layout, OfAChainIsALine) {
  const std::vector<Size> nodes(5, Size{100, 48});
  std::vector<LaidEdge> edges;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) edges.push_back({i, i + 1, {}, true, {}});
  const Layout layout = lay_out(nodes, edges, Direction::right);
  for (const Box& node : layout.nodes) EXPECT_DOUBLE_EQ(node.y, layout.nodes[0].y);
}

TEST(Layout, OfAGraphThatTurnsBackStillEnds) {
  const std::vector<Size> nodes(3, Size{100, 48});
  const Layout layout = lay_out(
      nodes,
      {{0, 1, {}, true, {}}, {1, 2, {}, true, {}}, {2, 0, {}, true, {}}, {1, 1, {}, true, {}}},
      Direction::right);
  EXPECT_GT(layout.width, 300);
}

TEST(Layout, OfManyNodesDoesNotTakeForever) {
  // Far above what it takes: only what grows out of hand fails.
  for (const std::size_t count : {1000UL, 10'000UL}) {
    std::mt19937 random(3);
    const Sample sample = random_sample(random, count, count * 3 / 2);
    const auto began = std::chrono::steady_clock::now();
    lay_out(sample.nodes, sample.edges, Direction::right);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    RecordProperty("seconds_" + std::to_string(count), std::to_string(took.count()));
    EXPECT_LT(took.count(), 60);
  }
}

TEST(Layout, AsJsonHasPathsAndLabels) {
  Graph graph;
  graph.nodes = {{"a", "source", "range", "computes", {}, {}, {}, false},
                 {"b", "function", "run", "waits", 3, {"registry"}, {}, true},
                 {"c", "sink", "print", "blocks", {}, {}, {}, false}};
  graph.edges = {{0, "out", 1}, {1, "failed", 2}};
  graph.limits = {{"registry", 2, {}, "", {}}};
  const nlohmann::ordered_json json = layout_json(graph, layout_of(graph));
  EXPECT_EQ(json["nodes"][1]["lines"],
            (std::vector<std::string>{"b", "run", "≤ 3 · ordered", "limit registry 2"}));
  EXPECT_EQ(json["edges"][0]["path"].get<std::string>().substr(0, 1), "M");
  EXPECT_FALSE(json["edges"][0].contains("label"));
  EXPECT_EQ(json["edges"][1]["label"]["text"], "failed");
}

}  // namespace
}  // namespace weir::view
