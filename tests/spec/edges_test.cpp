/// What remains of the edges is a graph without cycles, however large or wrong the file.

#include <gtest/gtest.h>

#include "read.hpp"
#include "spec/cycles.hpp"

namespace weir::spec {
namespace {

TEST(Edges, ToUnknownNodesAndInCyclesAreLeftOut) {
  const Reading reading = read(
      "weir: 1\nnodes:\n  a: {source: lines}\n  b: {from: [a, nobody, d], queue: q}\n"
      "  c: {from: [b, c], queue: q}\n  d: {from: c, queue: q}\n");
  EXPECT_EQ(reading.diagnostics.all().size(), 3U) << reading.rendered();
  EXPECT_EQ(reading.node("b").from.size(), 2U);
  EXPECT_EQ(reading.node("c").from.size(), 0U);
  EXPECT_EQ(reading.node("d").from.size(), 1U);
}

TEST(Edges, OfTenThousandNodesInARowNeedNoStack) {
  std::string chain = "weir: 1\nnodes:\n";
  for (int i = 10'000; i > 0; --i) {
    chain += "  n" + std::to_string(i) + ": {from: n" + std::to_string(i - 1) + ", queue: q}\n";
  }
  EXPECT_EQ(read(chain + "  n0: {source: lines}\n").rendered(), "");
  const Reading ring = read(chain + "  n0: {from: n10000, queue: q}\n");
  ASSERT_EQ(ring.diagnostics.all().size(), 1U);
  EXPECT_NE(ring.rendered().find("(9992 more)"), std::string::npos) << ring.rendered();
}

TEST(OrderByNeeds, PutsEachBehindWhatItNeeds) {
  const Order order = order_by_needs({{1, 2}, {2}, {}});
  EXPECT_TRUE(order.cycles.empty());
  EXPECT_EQ(order.order, (std::vector<std::size_t>{2, 1, 0}));
}

TEST(OrderByNeeds, FindsEachCycleOnce) {
  const Order order = order_by_needs({{1}, {2, 0}, {1, 2}});
  ASSERT_EQ(order.cycles.size(), 3U);
  EXPECT_EQ(order.cycles[0].members, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(order.cycles[1].members, (std::vector<std::size_t>{2}));
  EXPECT_EQ(order.cycles[2].members, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(order.order.size(), 3U);
}

TEST(OrderByNeeds, StopsNamingTheMembersOfVeryManyCycles) {
  constexpr std::size_t count = 20'000;
  Needs needs(count);
  for (std::size_t i = 0; i + 1 < count; ++i) needs[i] = {i + 1, 0};
  const Order order = order_by_needs(needs);
  EXPECT_EQ(order.cycles.size(), count - 1);
  EXPECT_FALSE(order.cycles.front().members.empty());
  EXPECT_TRUE(order.cycles.back().members.empty());
}

}  // namespace
}  // namespace weir::spec
