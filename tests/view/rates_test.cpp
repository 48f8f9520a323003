#include "view/rates.hpp"

#include <gtest/gtest.h>

#include "status_samples.hpp"
#include "view/outlook.hpp"

namespace weir::view {
namespace {

using namespace test;

/// in -> work; so many have come to `work`, and been done.
Status line(double seconds, std::int64_t made, std::int64_t come, std::int64_t done) {
  Status status;
  status.seconds = seconds;
  status.nodes = {node("in", "source", "lines", "computes", {}), runs("work", {"in"})};
  status.nodes[0].in = status.nodes[0].done = made;
  status.nodes[1].in = come;
  status.nodes[1].done = done;
  status.sources = {{"in", true, false, 0, 0, 65536, 16 << 20}};
  return status;
}

TEST(NodeRates, AreThoseOfTheLastMinute) {
  NodeRates rates;
  for (int second = 0; second <= 300; ++second) {
    // Ten a second at first, then one.
    rates.note(line(second, 5000, 5000, second < 200 ? 10 * second : 2000 + second - 200));
  }
  ASSERT_TRUE(rates.of(1));
  EXPECT_NEAR(*rates.of(1), 1, 0.1);
}

TEST(NodeRates, CountFromWhenTheirFirstItemCame) {
  NodeRates rates;
  for (int second = 0; second <= 14; ++second) {
    rates.note(line(second, 50, second < 10 ? 0 : 50, std::max(0, second - 10)));
  }
  ASSERT_TRUE(rates.of(1));
  EXPECT_NEAR(*rates.of(1), 1, 0.01);
  EXPECT_NEAR(outlook(line(14, 50, 50, 4), rates).left.value_or(0), 46, 1);
}

TEST(NodeRates, OfSlowItemsAreThoseOfAllTheTime) {
  NodeRates rates;
  for (int second = 0; second <= 600; ++second) rates.note(line(second, 10, 10, second / 300));
  ASSERT_TRUE(rates.of(1));
  EXPECT_NEAR(*rates.of(1), 2.0 / 600, 1e-4);
}

TEST(Outlook, KnowsATotalWhenTheSourceHasEnded) {
  NodeRates rates;
  Status status = line(100, 50, 50, 10);
  rates.note(status);
  EXPECT_EQ(outlook(status, rates).totals[1]->items, 50);
  EXPECT_TRUE(outlook(status, rates).totals[1]->is_exact);
  status.sources[0].ended = false;
  EXPECT_FALSE(outlook(status, rates).totals[1]);
}

TEST(Outlook, TakesTheSourcesWordForItsTotal) {
  NodeRates rates;
  Status status;
  for (int second = 0; second <= 100; ++second) {
    status = line(second, 20 + second / 10, 10 + second / 10, second / 10);
    status.sources[0].ended = false;
    status.sources[0].total = 200;
    rates.note(status);
  }
  const Outlook of = outlook(status, rates);
  EXPECT_EQ(of.totals[0]->items, 200);
  EXPECT_TRUE(of.totals[0]->is_exact);
  EXPECT_EQ(of.totals[1]->items, 200);
  ASSERT_TRUE(of.left);
  EXPECT_NEAR(*of.left, 1900, 150);
}

TEST(Outlook, TellsHowLongTheSlowestTakes) {
  NodeRates rates;
  for (int second = 0; second <= 100; ++second) rates.note(line(second, 50, 50, second / 10));
  const Outlook of = outlook(line(100, 50, 50, 10), rates);
  ASSERT_TRUE(of.left);
  EXPECT_NEAR(*of.left, 400, 30);
}

TEST(Outlook, TakesNodesTogetherThatWaitForALimitWhichTheyShare) {
  // First come, first served: `next` has hardly had its turn. Both together end one a second.
  const auto at_second = [](int second) {
    Status status = line(second, 50, 50, std::max(0, second - 2));
    NodeStatus next = runs("next", {"work"});
    next.in = status.nodes[1].done;
    next.done = std::min(second, 2);
    next.limits = status.nodes[1].limits = {"net"};
    status.nodes.push_back(next);
    status.limits = {slots("net", 2, {})};
    status.limits[0].states[0].waiting = 40;
    return status;
  };
  NodeRates rates;
  for (int second = 0; second <= 40; ++second) rates.note(at_second(second));
  const Outlook of = outlook(at_second(40), rates);
  ASSERT_TRUE(of.left);
  EXPECT_NEAR(*of.left, 60, 8);
}

TEST(Outlook, EstimatesWhatComesBehindAFunction) {
  Status status = line(100, 100, 100, 50);
  NodeStatus next = runs("next", {"work"});
  next.in = 20;  // the others failed, or were dropped
  next.done = 20;
  status.nodes.push_back(next);
  NodeRates rates;
  rates.note(status);
  const Outlook of = outlook(status, rates);
  ASSERT_TRUE(of.totals[2]);
  EXPECT_EQ(of.totals[2]->items, 40);
  EXPECT_FALSE(of.totals[2]->is_exact);
  at(status, "work").done = 100;
  EXPECT_TRUE(outlook(status, rates).totals[2]->is_exact);
}

}  // namespace
}  // namespace weir::view
