#include "view/graph/pictures.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

Graph hostile() {
  Graph graph;
  graph.name = "</title><script>\"";
  graph.nodes = {{"a\"]; x <b>&\n", "source", "range", "computes", {}, {}, {}, false},
                 {"b", "function", "run", "waits", 3, {}, {}, false}};
  graph.edges = {{0, "out", 1}};
  return graph;
}

TEST(Pictures, LetNoNameBeCode) {
  const std::string svg = svg_picture(hostile(), nullptr, Direction::right);
  EXPECT_EQ(svg.find("<script"), svg.npos);
  EXPECT_EQ(svg.find("<b>"), svg.npos);
  EXPECT_NE(svg.find("&lt;/title&gt;&lt;script&gt;&quot;"), svg.npos);
  const std::string dot = dot_picture(hostile(), nullptr, Direction::right);
  EXPECT_NE(dot.find("a\\\"]; x <b>&"), dot.npos) << dot;
  const std::string mermaid = mermaid_picture(hostile(), nullptr, Direction::right);
  EXPECT_NE(mermaid.find("a#34;#93;#59; x #60;b#62;#38;"), mermaid.npos) << mermaid;
}

TEST(Pictures, ShowWhatARunDid) {
  Marks marks;
  marks.run = "20261125-010000-x";
  marks.state = "running";
  marks.nodes["b"] = {.in = 10,
                      .done = 7,
                      .failed = 1,
                      .running = 2,
                      .busy_seconds = 3.5,
                      .state = "running",
                      .note = "bound by its limit",
                      .is_bottleneck = true};
  const std::string svg = svg_picture(hostile(), &marks, Direction::down);
  EXPECT_NE(svg.find("7 done, 1 failed, 2 running"), svg.npos);
  EXPECT_NE(svg.find("class=\"node function marked is-running bottleneck\""), svg.npos);
  EXPECT_NE(svg.find("bottleneck: bound by its limit</title>"), svg.npos);
  const auto json = nlohmann::json::parse(json_picture(hostile(), &marks));
  EXPECT_EQ(json["nodes"][1]["run"]["done"], 7);
  EXPECT_FALSE(json["nodes"][0].contains("run"));
}

}  // namespace
}  // namespace weir::view
