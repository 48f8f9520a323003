#include "view/graph/model.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <stdexcept>

#include "compile/registry.hpp"

namespace weir::view {
namespace {

using nlohmann::ordered_json;

template <class T>
void put(ordered_json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

template <class T>
void get(const ordered_json& json, const char* name, std::optional<T>& value) {
  const auto found = json.find(name);
  if (found != json.end() && !found->is_null()) value = found->get<T>();
}

template <class T>
void get(const ordered_json& json, const char* name, T& value) {
  const auto found = json.find(name);
  if (found != json.end()) value = found->get<T>();
}

GraphNode node_of(const compile::Plan& plan, const compile::PlannedNode& planned) {
  GraphNode node;
  node.name = planned.name;
  node.kind = compile::to_string(planned.type->kind);
  node.type = planned.type->name;
  if (planned.type->kind != abi::Kind::queue) node.work = compile::to_string(planned.work);
  if (planned.type->kind == abi::Kind::function) node.limit = planned.limit;
  for (const std::uint32_t limit : planned.limits) node.limits.push_back(plan.limits[limit].name);
  node.capacity = planned.capacity;
  node.ordered = planned.ordered;
  return node;
}

GraphLimit limit_of(const compile::PlannedLimit& planned) {
  GraphLimit limit;
  limit.name = planned.name;
  limit.slots = planned.slots;
  if (planned.interval) limit.interval = std::chrono::duration<double>(*planned.interval).count();
  if (planned.per) limit.per = planned.per->source();
  if (planned.memory) limit.memory = static_cast<std::int64_t>(*planned.memory);
  return limit;
}

}  // namespace

Graph graph_of(const compile::Plan& plan) {
  Graph graph;
  graph.name = plan.name;
  for (const compile::PlannedNode& node : plan.nodes) graph.nodes.push_back(node_of(plan, node));
  for (const compile::PlannedEdge& edge : plan.edges) {
    graph.edges.push_back({edge.from, plan.nodes[edge.from].ports[edge.port].name, edge.to});
  }
  for (const compile::PlannedLimit& limit : plan.limits) graph.limits.push_back(limit_of(limit));
  return graph;
}

ordered_json to_json(const Graph& graph) {
  ordered_json json = {{"pipeline", graph.name},
                       {"nodes", ordered_json::array()},
                       {"edges", ordered_json::array()},
                       {"limits", ordered_json::array()}};
  for (const GraphNode& node : graph.nodes) {
    ordered_json one = {{"name", node.name}, {"kind", node.kind}, {"type", node.type}};
    if (!node.work.empty()) one["work"] = node.work;
    put(one, "limit", node.limit);
    if (!node.limits.empty()) one["limits"] = node.limits;
    put(one, "capacity", node.capacity);
    if (node.ordered) one["ordered"] = true;
    json["nodes"].push_back(std::move(one));
  }
  for (const GraphEdge& edge : graph.edges) {
    json["edges"].push_back({{"from", graph.nodes[edge.from].name},
                             {"port", edge.port},
                             {"to", graph.nodes[edge.to].name}});
  }
  for (const GraphLimit& limit : graph.limits) {
    ordered_json one = {{"name", limit.name}};
    put(one, "slots", limit.slots);
    put(one, "interval_seconds", limit.interval);
    if (!limit.per.empty()) one["per"] = limit.per;
    put(one, "memory_bytes", limit.memory);
    json["limits"].push_back(std::move(one));
  }
  return json;
}

Graph graph_of_json(const ordered_json& json) {
  Graph graph;
  graph.name = json.at("pipeline").get<std::string>();
  std::map<std::string, std::size_t> numbers;
  for (const ordered_json& one : json.at("nodes")) {
    GraphNode node;
    node.name = one.at("name").get<std::string>();
    node.kind = one.at("kind").get<std::string>();
    node.type = one.at("type").get<std::string>();
    get(one, "work", node.work);
    get(one, "limit", node.limit);
    get(one, "limits", node.limits);
    get(one, "capacity", node.capacity);
    get(one, "ordered", node.ordered);
    numbers[node.name] = graph.nodes.size();
    graph.nodes.push_back(std::move(node));
  }
  const auto number = [&](const ordered_json& name) {
    const auto found = numbers.find(name.get<std::string>());
    if (found != numbers.end()) return found->second;
    throw std::runtime_error(fmt::format(
        "an edge of the graph leads to '{}', which is no node of it", name.get<std::string>()));
  };
  for (const ordered_json& one : json.at("edges")) {
    graph.edges.push_back(
        {number(one.at("from")), one.at("port").get<std::string>(), number(one.at("to"))});
  }
  for (const ordered_json& one : json.at("limits")) {
    GraphLimit limit;
    limit.name = one.at("name").get<std::string>();
    get(one, "slots", limit.slots);
    get(one, "interval_seconds", limit.interval);
    get(one, "per", limit.per);
    get(one, "memory_bytes", limit.memory);
    graph.limits.push_back(std::move(limit));
  }
  return graph;
}

}  // namespace weir::view
