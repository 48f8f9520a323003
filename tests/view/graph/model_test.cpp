#include "view/graph/model.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

Graph small_graph() {
  Graph graph;
  graph.name = "images";
  graph.nodes = {{"images", "source", "lines", "computes", {}, {}, {}, false},
                 {"build", "function", "run", "waits", {}, {"cpu", "registry"}, {}, false},
                 {"built", "queue", "fifo", "", {}, {}, 10, false},
                 {"push", "function", "run", "waits", 3, {}, {}, true}};
  graph.edges = {{0, "out", 1}, {1, "out", 2}, {2, "out", 3}};
  graph.limits = {{"cpu", 4, {}, "${{ item.host }}", {}}, {"registry", {}, 0.5, "", 1024}};
  return graph;
}

TEST(GraphModel, ComesBackFromItsJson) {
  const nlohmann::ordered_json json = to_json(small_graph());
  EXPECT_EQ(to_json(graph_of_json(json)), json);
  EXPECT_EQ(json.dump(),
            R"({"pipeline":"images","nodes":[)"
            R"({"name":"images","kind":"source","type":"lines","work":"computes"},)"
            R"({"name":"build","kind":"function","type":"run","work":"waits",)"
            R"("limits":["cpu","registry"]},)"
            R"({"name":"built","kind":"queue","type":"fifo","capacity":10},)"
            R"({"name":"push","kind":"function","type":"run","work":"waits","limit":3,)"
            R"("ordered":true}],"edges":[{"from":"images","port":"out","to":"build"},)"
            R"({"from":"build","port":"out","to":"built"},)"
            R"({"from":"built","port":"out","to":"push"}],"limits":[)"
            R"({"name":"cpu","slots":4,"per":"${{ item.host }}"},)"
            R"({"name":"registry","interval_seconds":0.5,"memory_bytes":1024}]})");
}

TEST(GraphModel, RefusesAnEdgeThatLeadsNowhere) {
  nlohmann::ordered_json json = to_json(small_graph());
  json["edges"][0]["to"] = "nobody";
  EXPECT_THROW(graph_of_json(json), std::runtime_error);
}

}  // namespace
}  // namespace weir::view
