#include "support.hpp"

namespace weir::e2e {
namespace {

/// `weir graph`; the texts are those of tests/compile/plan_test.cpp.
class Graph : public EndToEnd {
 protected:
  const std::filesystem::path golden = WEIR_ROOT "/tests/golden/plan";

  Ended graph(Strings arguments) {
    arguments.insert(arguments.begin(), {"graph", "--plugin", WEIR_PROBE});
    return weir({.arguments = arguments, .folder = golden});
  }
};

TEST_F(Graph, ShowsWhatThePipelineIsForPeopleAndOnOneTbb) {
  for (const std::string name : {"pool", "every_entry", "streams"}) {
    const Ended people = graph({name + ".yaml"});
    const Ended tbb = graph({name + ".yaml", "--tbb"});
    EXPECT_EQ(people.status, 0);
    EXPECT_EQ(tbb.status, 0);
    EXPECT_EQ(people.out + "\n" + tbb.out, read_file(golden / (name + ".txt")));
  }
}

TEST_F(Graph, ShowsTheGateOfThePoolsReaders) {
  const Ended ended = weir(
      {.arguments = {"graph", "--tbb", WEIR_ROOT "/pipelines/pool.yaml", "--set", "readers=7"}});
  EXPECT_NE(ended.out.find("gate(7) -> coroutine\n"), std::string::npos) << ended.out;
}

TEST_F(Graph, BoundsOfEveryEdgeAreShownByCheck) {
  folder.write("x.yaml", R"(
weir: 1
nodes:
  a: {source: range, to: 9, max_in_flight: {items: 10, bytes: 2MiB}}
  b: {source: range, to: 9}
  q: {from: [a, b], queue: fifo, capacity: 5}
  r: {from: q, function: repeat}
  s: {from: [r, a], sink: print}
  f: {from: r.failed, sink: discard}
)");
  const Ended ended = weir({.arguments = {"check", "--bounds", "--plugin", WEIR_PROBE, "x.yaml"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out,
            "x.yaml: ok, 6 nodes\n"
            "  a         -> q  at most 10 items\n"
            "  b         -> q  at most 65536 items\n"
            "  q         -> r  at most 5 items\n"
            "  r         -> s  at most 65546 items, and what 'r' makes of those in work\n"
            "  a         -> s  at most 10 items\n"
            "  r.failed  -> f  at most 65546 items\n"
            "  in flight, all together: at most 18MiB, and one batch of each source\n");
  EXPECT_NE(ended.err.find("'r' may make any number of items of one"), std::string::npos);
}

TEST_F(Graph, IsDrawnInEveryFormat) {
  folder.write("x.yaml", R"(
weir: 1
name: <b> & "x"
limits: {registry: 3}
nodes:
  a: {source: range, to: 9}
  q: {from: a, queue: fifo, capacity: 5}
  r: {from: q, run: [echo, x], limit: registry}
  s: {from: r, sink: discard}
  f: {from: r.failed, sink: discard}
)");
  const std::vector<std::pair<std::string, std::string>> formats = {
      {"dot", "  n2 -> n4 [label=\"failed\", style=dashed"},
      {"mermaid", "  n2 -.->|\"failed\"| n4\n"},
      {"svg", "limit registry 3</text>"},
      {"json", "\"port\": \"failed\""}};
  for (const auto& [format, part] : formats) {
    const Ended ended = weir({.arguments = {"graph", "-f", format, "x.yaml"}});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_NE(ended.out.find(part), std::string::npos) << ended.out;
    const Ended to_file = weir({.arguments = {"graph", "-f", format, "-o", "out", "x.yaml"}});
    EXPECT_EQ(to_file.out, "");
    EXPECT_EQ(read_file(folder.path() / "out"), ended.out);
  }
  const Ended text = weir({.arguments = {"graph", "x.yaml"}});
  EXPECT_EQ(weir({.arguments = {"graph", "-f", "text", "x.yaml"}}).out, text.out);
}

TEST_F(Graph, OfAWrongFileIsItsErrors) {
  folder.write("bad.yaml", "weir: 1\nnodes: {a: {source: rnage}}\n");
  const Ended ended = weir({.arguments = {"graph", "bad.yaml"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("did you mean 'range'?"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
