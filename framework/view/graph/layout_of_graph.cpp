#include "view/graph/layout_of_graph.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "view/graph/label.hpp"

namespace weir::view {

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
