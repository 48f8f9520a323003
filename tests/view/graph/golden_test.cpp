#include "../../spec/golden.hpp"

#include <gtest/gtest.h>

#include "view/graph/pictures.hpp"

namespace weir::view {
namespace {

/// A queue, limits of its own and shared ones, failures that two nodes give to one, order, a port
/// with a name, and names that must be escaped, or cut.
Graph sample() {
  Graph graph;
  graph.name = "images & <more>";
  graph.limits = {{"registry", 3, {}, "", {}}, {"cpu", {}, 0.5, "${{ item.host }}", 1 << 20}};
  const auto add = [&](const char* name, const char* kind, const char* type, const char* work) {
    GraphNode& node = graph.nodes.emplace_back();
    node.name = name;
    node.kind = kind;
    node.type = type;
    node.work = work;
  };
  add("images", "source", "lines", "computes");
  add("build", "function", "run", "waits");
  add("a name of sixty letters, which is too much for one line of it", "queue", "fifo", "");
  add("push", "function", "run", "waits");
  add("推送 \"x\"", "sink", "count", "computes");
  add("failed", "sink", "jsonl", "computes");
  graph.nodes[1].limits = {"cpu", "registry"};
  graph.nodes[2].capacity = 10;
  graph.nodes[3].limit = 3;
  graph.nodes[3].limits = {"registry"};
  graph.nodes[3].ordered = true;
  graph.edges = {{0, "out", 1},    {1, "out", 2},    {2, "out", 3}, {3, "out", 4},
                 {1, "failed", 5}, {3, "failed", 5}, {3, "late", 4}};
  return graph;
}

Marks sample_marks() {
  Marks marks;
  marks.run = "20261125-010000-images";
  marks.state = "running";
  marks.seconds = 65;
  const auto add = [&](const std::string& name, NodeMarks node) { marks.nodes[name] = node; };
  add("images", {.in = 60, .done = 60, .state = "done"});
  add("build", {.in = 60, .done = 51, .failed = 9, .state = "failed"});
  add(sample().nodes[2].name, {.in = 51, .done = 14, .waiting = 37, .state = "waiting"});
  add("push", {.in = 14,
               .done = 10,
               .failed = 1,
               .running = 3,
               .busy_seconds = 4.5,
               .state = "running",
               .note = "bound by limit registry (3 slots)",
               .is_bottleneck = true});
  add("failed", {.in = 10, .done = 10, .state = "idle"});
  return marks;
}

/// tests/golden/graph has it in each format, without a run and with one.
void expect_golden(const std::string& name, const std::string& picture) {
  weir::expect_golden(std::string(WEIR_GOLDEN) + "/graph/" + name, picture);
}

TEST(GoldenPictures, AreDrawn) {
  const Graph graph = sample();
  expect_golden("images.dot", dot_picture(graph, nullptr, Direction::right));
  expect_golden("images.mermaid", mermaid_picture(graph, nullptr, Direction::right));
  expect_golden("images.svg", svg_picture(graph, nullptr, Direction::right));
  expect_golden("images.json", json_picture(graph, nullptr));
}

TEST(GoldenPictures, ShowARun) {
  const Graph graph = sample();
  const Marks marks = sample_marks();
  expect_golden("run.dot", dot_picture(graph, &marks, Direction::down));
  expect_golden("run.mermaid", mermaid_picture(graph, &marks, Direction::down));
  expect_golden("run.svg", svg_picture(graph, &marks, Direction::down));
  expect_golden("run.json", json_picture(graph, &marks));
  expect_golden("run.txt", text_picture(graph, marks));
}

TEST(GoldenPictures, SayOnceWhatIsTrueOfSeveral) {
  Marks marks = sample_marks();
  marks.nodes["build"].note = marks.nodes["push"].note;
  marks.nodes["build"].is_bottleneck = true;
  const std::string text = text_picture(sample(), marks);
  EXPECT_TRUE(text.ends_with("\nbuild, push: bottleneck: bound by limit registry (3 slots)\n"))
      << text;
}

TEST(GoldenPictures, HaveNothingThatClashesInAPageWithTwo) {
  const Marks marks = sample_marks();
  const std::string svg = svg_picture(sample(), &marks, Direction::right);
  EXPECT_EQ(svg.find(" id=\""), svg.npos);
  EXPECT_EQ(svg.find("url("), svg.npos);
  const std::string style = svg.substr(svg.find("<style>"), svg.find("</style>"));
  for (std::size_t at = style.find("}\n"); at != style.npos; at = style.find("}\n", at + 1)) {
    const char next = style[at + 2];
    EXPECT_TRUE(next == '.' || next == '@' || next == '}' || next == '<') << style.substr(at, 40);
    if (next == '.') {
      EXPECT_EQ(style.substr(at + 2, 11), ".weir-graph");
    }
    if (next == '<') break;
  }
}

}  // namespace
}  // namespace weir::view
