/// What a node's keys become. What can be wrong with them is in the golden files.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

Reading read_nodes(const std::string& nodes) {
  Reading reading = read(
      "weir: 1\nparams: {three: 3, kind: fifo, inputs: [a, b.failed]}\nnodes:\n"
      "  a: {source: lines, path: x}\n" +
      nodes);
  EXPECT_EQ(reading.rendered(), "");
  return reading;
}

TEST(Node, HasTheKindAndTypeOfItsKindKey) {
  const Reading reading = read_nodes(
      "  b: {from: a, function: format}\n  c: {from: b, queue: fifo}\n  d: {from: c, sink: "
      "print}\n");
  EXPECT_EQ(reading.node("a").kind, Kind::source);
  EXPECT_EQ(reading.node("a").type, "lines");
  EXPECT_EQ(reading.node("b").kind, Kind::function);
  EXPECT_EQ(reading.node("c").kind, Kind::queue);
  EXPECT_EQ(reading.node("d").kind, Kind::sink);
}

TEST(Node, WithRunIsAFunctionOfThatType) {
  const Reading reading = read_nodes("  b: {from: a, run: [ls, -l]}\n");
  EXPECT_EQ(reading.node("b").kind, Kind::function);
  EXPECT_EQ(reading.node("b").type, "run");
  EXPECT_EQ(reading.node("b").type_place, (Place{5, 16, 3}));
  EXPECT_EQ(reading.value("b", "argv").items.size(), 2U);
}

TEST(Node, WithShellIsAFunctionOfThatType) {
  const Reading reading = read_nodes("  b: {from: a, shell: ls -l}\n");
  EXPECT_EQ(reading.node("b").type, "shell");
  EXPECT_EQ(reading.value("b", "script").text, "ls -l");
}

TEST(Node, KeepsEveryOtherKeyAsAParameterInOrder) {
  const Reading reading =
      read_nodes("  b: {z: 1, from: a, y: [2], function: f, limit: 2, x: {w: 3}}\n");
  const auto& parameters = reading.node("b").parameters;
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0].key, "z");
  EXPECT_EQ(parameters[1].key, "y");
  EXPECT_EQ(parameters[2].key, "x");
  EXPECT_EQ(parameters[2].key_place, (Place{5, 53, 1}));
}

TEST(Node, MayHaveItsKindFromAParameter) {
  EXPECT_EQ(read_nodes("  b: {from: a, queue: '${kind}'}\n").node("b").type, "fifo");
}

TEST(Limit, IsANumberOrUnlimited) {
  const Reading reading = read_nodes(
      "  b: {from: a, run: [x], limit: 4}\n  c: {from: a, run: [x], limit: unlimited}\n"
      "  d: {from: a, run: [x]}\n  e: {from: a, run: [x], limit: '${three}'}\n");
  EXPECT_EQ(reading.node("b").limit->count, 4);
  EXPECT_EQ(reading.node("b").limit->place, (Place{5, 33, 1}));
  EXPECT_EQ(reading.node("c").limit->count, std::nullopt);
  EXPECT_FALSE(reading.node("d").limit.has_value());
  EXPECT_EQ(reading.node("e").limit->count, 3);
}

TEST(From, IsAReferenceOrAList) {
  const Reading reading = read_nodes(
      "  b: {from: a, run: [x]}\n  c: {from: b.failed, queue: q}\n  d: {from: [a, b.failed], "
      "queue: q}\n");
  ASSERT_EQ(reading.node("c").from.size(), 1U);
  EXPECT_EQ(reading.node("c").from[0].node, "b");
  EXPECT_EQ(reading.node("c").from[0].port, "failed");
  EXPECT_EQ(reading.node("d").from.size(), 2U);
  EXPECT_EQ(reading.node("a").from_place.line, 0U);
}

TEST(From, MayComeFromAParameter) {
  const Reading reading =
      read_nodes("  b: {from: a, run: [x]}\n  c: {from: '${inputs}', queue: q}\n");
  ASSERT_EQ(reading.node("c").from.size(), 2U);
  EXPECT_EQ(reading.node("c").from[1].port, "failed");
}

TEST(Pipeline, IsNamedAfterItsFileUnlessItHasAName) {
  const std::string nodes = "nodes: {a: {source: lines}}\n";
  EXPECT_EQ(read("weir: 1\n" + nodes, {}, "some/images.yaml").pipeline.name, "images");
  EXPECT_EQ(read("weir: 1\n" + nodes, {}, "-").pipeline.name, "pipeline");
  EXPECT_EQ(read("weir: 1\nname: other\n" + nodes).pipeline.name, "other");
}

TEST(Pipeline, NamesItsPlugins) {
  const std::string nodes = "nodes: {a: {source: lines}}\n";
  EXPECT_EQ(read("weir: 1\nplugins: ./a.so\n" + nodes).pipeline.plugins.at(0).path, "./a.so");
  const Reading reading = read("weir: 1\nplugins: [./a.so, '${weir.dir}/b.so']\n" + nodes);
  EXPECT_EQ(reading.pipeline.plugins.at(1).path, "./b.so");
  EXPECT_EQ(reading.pipeline.plugins.at(1).place, (Place{2, 19, 18}));
}

TEST(Value, ThatIsFaultySaysSoUpToTheTop) {
  const Reading reading =
      read("weir: 1\nnodes:\n  a: {source: list, x: [1, {y: '${z}'}], w: [1]}\n");
  EXPECT_TRUE(reading.diagnostics.has_errors());
  EXPECT_TRUE(reading.value("a", "x").faulty);
  EXPECT_FALSE(reading.value("a", "x").items.at(0).faulty);
  EXPECT_FALSE(reading.value("a", "w").faulty);
}

}  // namespace
}  // namespace weir::spec
