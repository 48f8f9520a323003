/// Places are 1-based, columns count code points, and a length is what is underlined.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

std::string one_source = "weir: 1\nnodes:\n  a: {source: list, items: [1]}\n";

TEST(Place, OfAScalarIsItsTokenAsItIsWritten) {
  const Reading reading = read(one_source +
                               "  b: {from: a, function: f, plain: some text , single: 'it''s',\n"
                               "      double: \"a\\tb\", number: -0.5}\n");
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.node("b").place, (Place{4, 3, 1}));
  EXPECT_EQ(reading.node("b").type_place, (Place{4, 26, 1}));
  EXPECT_EQ(reading.value("b", "plain").place, (Place{4, 36, 9}));
  EXPECT_EQ(reading.value("b", "single").place, (Place{4, 56, 7}));
  EXPECT_EQ(reading.value("b", "double").place, (Place{5, 15, 6}));
  EXPECT_EQ(reading.value("b", "number").place, (Place{5, 31, 4}));
}

TEST(Place, CountsCodePointsAndLeavesTheByteOrderMarkOut) {
  const Reading reading =
      read("\xEF\xBB\xBFweir: 1\nnodes:\n  a: {source: list, 'größe €': \"ä\", b: x}\n");
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.value("a", "größe €").place, (Place{3, 32, 3}));
  EXPECT_EQ(reading.value("a", "b").place, (Place{3, 40, 1}));
}

TEST(Place, IsTheSameWithWindowsLineEnds) {
  const Reading reading =
      read("weir: 1\r\nnodes:\r\n  a:\r\n    source: list\r\n    b: some text\r\n");
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.value("a", "b").text, "some text");
  EXPECT_EQ(reading.value("a", "b").place, (Place{5, 8, 9}));
}

TEST(Place, OfNothingIsItsKey) {
  const Reading reading =
      read("weir: 1\nnodes:\n  a:\n    source: list\n    items:\n\n    # more\n    b: 1\n");
  EXPECT_EQ(reading.value("a", "items").kind, Value::Kind::null);
  EXPECT_EQ(reading.value("a", "items").place, (Place{5, 5, 5}));
}

TEST(Place, OfACollectionIsItsBeginning) {
  const Reading reading =
      read(one_source + "  b:\n    from: a\n    run: [x]\n    env:\n      A: 1\n");
  EXPECT_EQ(reading.value("b", "argv").place, (Place{6, 10, 1}));
  EXPECT_EQ(reading.value("b", "env").place, (Place{8, 7, 1}));
  EXPECT_EQ(reading.value("b", "env").fields.at(0).key_place, (Place{8, 7, 1}));
}

TEST(Place, OfABlockIsItsHeaderAndOfALongTextItsFirstLine) {
  const Reading reading =
      read(one_source + "  b:\n    from: a\n    shell: |\n      x\n    text: one\n      two\n");
  EXPECT_EQ(reading.value("b", "script").place, (Place{6, 12, 1}));
  EXPECT_EQ(reading.value("b", "text").text, "one two");
  EXPECT_EQ(reading.value("b", "text").place, (Place{8, 11, 3}));
}

TEST(Place, OfWhatHasAnAnchorIsBehindIt) {
  const Reading reading =
      read("weir: 1\nnodes:\n  a: {source: list, x: &n some, y: *n, z: &m [1]}\n");
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.value("a", "x").place, (Place{3, 27, 4}));
  EXPECT_EQ(reading.value("a", "y").place, (Place{3, 27, 4}));
  EXPECT_EQ(reading.value("a", "z").place, (Place{3, 46, 1}));
}

TEST(Place, OfAReferenceHasOneForItsPort) {
  const Reading reading =
      read(one_source + "  b: {from: a, run: [x]}\n  c: {from: [\"b.failed\", b], queue: q}\n");
  const std::vector<Reference>& from = reading.node("c").from;
  ASSERT_EQ(from.size(), 2U);
  EXPECT_EQ(reading.node("c").from_place, (Place{5, 7, 4}));
  EXPECT_EQ(from[0].node, "b");
  EXPECT_EQ(from[0].port, "failed");
  EXPECT_EQ(from[0].place, (Place{5, 14, 10}));
  EXPECT_EQ(from[0].port_place, (Place{5, 17, 6}));
  EXPECT_EQ(from[1].port, "out");
  EXPECT_EQ(from[1].port_place, from[1].place);
}

TEST(Place, OfAHoleIsWithinItsScalar) {
  const Reading reading = read(one_source +
                               "  b:\n    from: a\n    shell: |\n      one\n        é ${{ item }}\n"
                               "    x: \"ä ${{ item }}\"\n    y: \"\\t${{ item }}\"\n");
  EXPECT_EQ(reading.value("b", "script").holes.at(0).place, (Place{8, 11, 11}));
  EXPECT_EQ(reading.value("b", "x").holes.at(0).place, (Place{9, 11, 11}));
  EXPECT_EQ(reading.value("b", "y").holes.at(0).place, reading.value("b", "y").place);
}

}  // namespace
}  // namespace weir::spec
