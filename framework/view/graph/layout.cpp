#include "view/graph/layout.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "view/graph/label.hpp"
#include "view/graph/layered.hpp"
#include "view/graph/route.hpp"

namespace weir::view {
namespace {

using Numbers = std::vector<std::size_t>;

constexpr double kMargin = 20;
constexpr double kBetweenParts = 40;
constexpr double kWay = 4;                     ///< room for a line, across
constexpr std::size_t kMostDummies = 200'000;  ///< beyond that, the longest edges go straight

struct Input {
  const std::vector<Size>& nodes;
  const std::vector<LaidEdge>& edges;
  Direction direction;

  double along(Size size) const { return direction == Direction::right ? size.width : size.height; }
  double across(Size size) const {
    return direction == Direction::right ? size.height : size.width;
  }
};

/// In an order in which edges go forward, if there is one; what is in a cycle comes last.
Numbers order_of(const Input& input) {
  std::vector<Numbers> next(input.nodes.size());
  Numbers waiting(input.nodes.size(), 0);
  for (const LaidEdge& edge : input.edges) {
    if (edge.from == edge.to) continue;
    next[edge.from].push_back(edge.to);
    ++waiting[edge.to];
  }
  Numbers order;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i] == 0) order.push_back(i);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const std::size_t to : next[order[i]]) {
      if (--waiting[to] == 0) order.push_back(to);
    }
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i] != 0) order.push_back(i);
  }
  return order;
}

struct Part {
  Numbers nodes;  ///< in an order in which edges go forward
  Numbers edges;
};

/// What hangs together.
std::vector<Part> parts_of(const Input& input, const Numbers& order) {
  Numbers leader(input.nodes.size());
  std::iota(leader.begin(), leader.end(), std::size_t{0});
  const auto find = [&](std::size_t node) {
    while (leader[node] != node) node = leader[node] = leader[leader[node]];
    return node;
  };
  for (const LaidEdge& edge : input.edges) {
    const std::size_t a = find(edge.from);
    const std::size_t b = find(edge.to);
    leader[std::max(a, b)] = std::min(a, b);
  }
  std::map<std::size_t, Part> parts;
  for (const std::size_t node : order) parts[find(node)].nodes.push_back(node);
  for (std::size_t i = 0; i < input.edges.size(); ++i) {
    const LaidEdge& edge = input.edges[i];
    if (edge.from != edge.to) parts[find(edge.from)].edges.push_back(i);
  }
  std::vector<Part> in_order;
  for (auto& [first, part] : parts) in_order.push_back(std::move(part));
  return in_order;
}

/// Makes the layers of a part, with dummies where edges pass.
class Builder {
 public:
  Builder(const Input& input, const Part& part) : input_(input), part_(part) {
    std::map<std::size_t, std::size_t> local;
    for (const std::size_t node : part.nodes) local.emplace(node, local.size());
    std::vector<Link> links;
    for (const std::size_t i : part.edges) {
      const LaidEdge& edge = input.edges[i];
      const std::size_t from = local.at(edge.from);
      const std::size_t to = local.at(edge.to);
      links.push_back({std::min(from, to), std::max(from, to), edge.label ? 2U : 1U});
    }
    Numbers order(part.nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const Numbers ranks = ranks_of(order, links);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Size size = input.nodes[part.nodes[i]];
      add({Vertex::Kind::node, ranks[i], input.along(size), input.across(size), 0});
    }
    longest_ = longest(links, ranks);
    for (std::size_t i = 0; i < links.size(); ++i) {
      const bool reversed = links[i].from != local.at(input.edges[part.edges[i]].from);
      add_way(part.edges[i], links[i], reversed);
    }
  }

  Layered& graph() { return graph_; }
  const std::vector<Way>& ways() const { return ways_; }

 private:
  std::size_t add(const Vertex& vertex) {
    graph_.vertices.push_back(vertex);
    graph_.before.emplace_back();
    graph_.behind.emplace_back();
    return graph_.vertices.size() - 1;
  }

  void connect(std::size_t from, std::size_t to) {
    if (!connected_.emplace(from, to).second) return;
    graph_.behind[from].push_back(to);
    graph_.before[to].push_back(from);
  }

  /// The most ranks that an edge may pass by dummies, so that there aren't too many of them.
  static std::size_t longest(const std::vector<Link>& links, const Numbers& ranks) {
    Numbers lengths;
    for (const Link& link : links) lengths.push_back(ranks[link.to] - ranks[link.from]);
    std::sort(lengths.begin(), lengths.end());
    std::size_t sum = 0;
    for (const std::size_t length : lengths) {
      sum += length;
      if (sum > kMostDummies) return length;
    }
    return kNone;
  }

  void add_way(std::size_t number, const Link& link, bool reversed) {
    const LaidEdge& edge = input_.edges[number];
    Way way{number, reversed, edge.is_main, {link.from}};
    std::size_t rank = graph_.vertices[link.from].rank + 1;
    const std::size_t last = graph_.vertices[link.to].rank;
    const auto go = [&](std::size_t vertex) {
      connect(way.vertices.back(), vertex);
      way.vertices.push_back(vertex);
    };
    if (edge.label) {
      go(add(
          {Vertex::Kind::label, rank, input_.along(*edge.label), input_.across(*edge.label), 0}));
      ++rank;
    }
    if (last - graph_.vertices[link.from].rank < longest_) {
      for (; rank < last; ++rank) go(dummy(edge, link.to, rank));
      go(link.to);
    } else {
      way.vertices.push_back(link.to);
    }
    ways_.push_back(std::move(way));
  }

  std::size_t dummy(const LaidEdge& edge, std::size_t to, std::size_t rank) {
    const Vertex vertex{Vertex::Kind::way, rank, 0, kWay, 0};
    if (edge.way.empty()) return add(vertex);
    const auto [found, is_new] = shared_.try_emplace({to, rank, edge.way}, 0);
    if (is_new) found->second = add(vertex);
    return found->second;
  }

  const Input& input_;
  const Part& part_;
  Layered graph_;
  std::vector<Way> ways_;
  std::size_t longest_ = kNone;
  std::set<std::pair<std::size_t, std::size_t>> connected_;
  std::map<std::tuple<std::size_t, std::size_t, std::string>, std::size_t> shared_;
};

struct Extent {
  double along = 0;
  double across = 0;
};

/// Gives each part its place: in rows across, none much longer than the longest part.
class Shelves {
 public:
  explicit Shelves(double most) : most_(most) {}

  /// Where a part of that size begins.
  Extent add(const Routed& part) {
    if (at_.along > 0 && at_.along + part.along > most_) {
      at_ = {0, at_.across + deepest_ + kBetweenParts};
      deepest_ = 0;
    }
    const Extent here = at_;
    at_.along += part.along + kBetweenParts;
    deepest_ = std::max(deepest_, part.across);
    whole_.along = std::max(whole_.along, here.along + part.along);
    whole_.across = std::max(whole_.across, here.across + part.across);
    return here;
  }
  Extent whole() const { return whole_; }

 private:
  double most_;
  Extent at_;
  Extent whole_;
  double deepest_ = 0;
};

struct Drawn {
  Layered graph;
  std::vector<Way> ways;
  Routed routed;
};

Drawn draw(const Input& input, const Part& part) {
  Builder builder(input, part);
  order_layers(builder.graph());
  place_vertices(builder.graph());
  Routed routed = route(builder.graph(), builder.ways());
  return {std::move(builder.graph()), builder.ways(), std::move(routed)};
}

/// From along and across to x and y.
class Frame {
 public:
  Frame(Direction direction, Extent at) : direction_(direction), at_(at) {}

  Point point(Point p) const {
    const double along = kMargin + at_.along + p.x;
    const double across = kMargin + at_.across + p.y;
    return direction_ == Direction::right ? Point{along, across} : Point{across, along};
  }
  Box box(const Box& box) const {
    const Point corner = point({box.x, box.y});
    return direction_ == Direction::right ? Box{corner.x, corner.y, box.width, box.height}
                                          : Box{corner.x, corner.y, box.height, box.width};
  }

 private:
  Direction direction_;
  Extent at_;
};

void copy(const Drawn& drawn, const Part& part, const Frame& frame, Layout& layout) {
  for (std::size_t i = 0; i < part.nodes.size(); ++i) {
    const Vertex& vertex = drawn.graph.vertices[i];
    layout.nodes[part.nodes[i]] = frame.box(
        {drawn.routed.starts[i], vertex.at - vertex.across / 2, vertex.along, vertex.across});
  }
  for (std::size_t i = 0; i < drawn.ways.size(); ++i) {
    const EdgePath& from = drawn.routed.edges[i];
    EdgePath& to = layout.edges[drawn.ways[i].edge];
    for (const Point point : from.points) to.points.push_back(frame.point(point));
    if (drawn.ways[i].reversed) std::reverse(to.points.begin(), to.points.end());
    to.own_curves = drawn.ways[i].reversed ? to.points.size() / 3 : from.own_curves;
    if (from.label) to.label = frame.box(*from.label);
  }
}

}  // namespace

Layout lay_out(const std::vector<Size>& nodes, const std::vector<LaidEdge>& edges,
               Direction direction) {
  const Input input{nodes, edges, direction};
  const std::vector<Part> parts = parts_of(input, order_of(input));
  std::vector<Drawn> drawn;
  double longest = 0;
  double area = 0;
  for (const Part& part : parts) {
    drawn.push_back(draw(input, part));
    const Routed& routed = drawn.back().routed;
    longest = std::max(longest, routed.along);
    area += (routed.along + kBetweenParts) * (routed.across + kBetweenParts);
  }
  Layout layout;
  layout.nodes.resize(nodes.size());
  layout.edges.resize(edges.size());
  Shelves shelves(std::max(longest, std::sqrt(area)));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    copy(drawn[i], parts[i], Frame(direction, shelves.add(drawn[i].routed)), layout);
  }
  const Extent whole = shelves.whole();
  const bool right = direction == Direction::right;
  layout.width = (right ? whole.along : whole.across) + 2 * kMargin;
  layout.height = (right ? whole.across : whole.along) + 2 * kMargin;
  return layout;
}

Layout layout_of(const Graph& graph, Direction direction) {
  std::vector<Size> nodes;
  for (const GraphNode& node : graph.nodes) nodes.push_back(node_size(graph, node));
  return layout_of(graph, direction, nodes);
}

Layout layout_for_page(const Graph& graph) {
  constexpr double kScreen = 1200;
  constexpr double kMuchLarger = 1.3;
  std::vector<Size> nodes;
  for (const GraphNode& node : graph.nodes) nodes.push_back(card_size(graph, node));
  Layout right = layout_of(graph, Direction::right, nodes);
  if (right.width <= kScreen) return right;
  Layout down = layout_of(graph, Direction::down, nodes);
  return std::max(down.width, kScreen) * kMuchLarger < right.width ? down : right;
}

Layout layout_of(const Graph& graph, Direction direction, const std::vector<Size>& nodes) {
  std::vector<LaidEdge> edges;
  for (const GraphEdge& edge : graph.edges) {
    const std::string label = edge_label(edge);
    LaidEdge& to = edges.emplace_back(LaidEdge{edge.from, edge.to, {}, label.empty(), {}});
    if (!label.empty()) to.label = label_size(label);
    if (is_failure(edge)) to.way = edge.port;
  }
  return lay_out(nodes, edges, direction);
}

std::string path_data(const EdgePath& edge, std::size_t curves) {
  if (edge.points.empty()) return "";
  std::string data = fmt::format("M{:.1f} {:.1f}", edge.points[0].x, edge.points[0].y);
  for (std::size_t i = 0; i < 3 * curves; ++i) {
    const Point& point = edge.points[i + 1];
    data += fmt::format("{}{:.1f} {:.1f}", i % 3 == 0 ? "C" : " ", point.x, point.y);
  }
  return data;
}

nlohmann::ordered_json layout_json(const Graph& graph, const Layout& layout) {
  using Json = nlohmann::ordered_json;
  const auto rounded = [](double value) { return std::round(value * 10) / 10; };
  Json json = {{"width", rounded(layout.width)},
               {"height", rounded(layout.height)},
               {"nodes", Json::array()},
               {"edges", Json::array()}};
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Box& box = layout.nodes[i];
    json["nodes"].push_back({{"name", graph.nodes[i].name},
                             {"x", rounded(box.x)},
                             {"y", rounded(box.y)},
                             {"width", rounded(box.width)},
                             {"height", rounded(box.height)},
                             {"lines", label_lines(graph, graph.nodes[i])}});
  }
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    const GraphEdge& edge = graph.edges[i];
    const EdgePath& path = layout.edges[i];
    Json one = {{"from", graph.nodes[edge.from].name},
                {"port", edge.port},
                {"to", graph.nodes[edge.to].name},
                {"path", path_data(path, path.points.size() / 3)}};
    if (path.label) {
      one["label"] = {{"text", edge_label(edge)},
                      {"x", rounded(path.label->x + path.label->width / 2)},
                      {"y", rounded(path.label->y + path.label->height / 2)}};
    }
    json["edges"].push_back(std::move(one));
  }
  return json;
}

}  // namespace weir::view
