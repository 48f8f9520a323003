#pragma once

/// The graph of a pipeline as all pictures of it are drawn: without anything that only a run needs,
/// and kept with the record of a run, so that what ran can be drawn without the file and its
/// plugins.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compile/plan.hpp"

namespace weir::view {

struct GraphNode {
  std::string name;
  std::string kind;                      ///< "source", "function", "queue" or "sink"
  std::string type;                      ///< "run", "fifo"…
  std::string work;                      ///< "computes", "waits" or "blocks"; empty of a queue
  std::optional<std::int64_t> limit;     ///< its own, of items in work; nullopt: none
  std::vector<std::string> limits;       ///< names of the limits that it shares
  std::optional<std::int64_t> capacity;  ///< of a queue, in items; nullopt: none of its own
  bool ordered = false;
};

struct GraphEdge {
  std::size_t from = 0;  ///< index into the nodes
  std::string port;      ///< of `from`: "out", "failed"…
  std::size_t to = 0;
};

/// One of the file's `limits`.
struct GraphLimit {
  std::string name;
  std::optional<std::int64_t> slots;
  std::optional<double> interval;      ///< seconds from one start to the next, at least
  std::string per;                     ///< the template that gives an item's key; empty: no keys
  std::optional<std::int64_t> memory;  ///< bytes
};

struct Graph {
  std::string name;              ///< of the pipeline
  std::vector<GraphNode> nodes;  ///< every node stands behind those that it reads
  std::vector<GraphEdge> edges;
  std::vector<GraphLimit> limits;
};

Graph graph_of(const compile::Plan& plan);

/// framework/doc/seeing.md describes it.
nlohmann::ordered_json to_json(const Graph& graph);

/// The opposite. What it doesn't know it ignores. Throws nlohmann::json::exception if something is
/// missing or of another type, and std::runtime_error if an edge leads nowhere.
Graph graph_of_json(const nlohmann::ordered_json& json);

}  // namespace weir::view
