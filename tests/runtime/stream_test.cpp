/// What comes of a stream as a whole: its end, its early end, its order, its bounds, and long tasks
/// in it.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>

#include "support.hpp"

namespace weir::test {
namespace {

using Items = std::vector<std::int64_t>;

Items up_to(std::int64_t last) {
  Items items(static_cast<std::size_t>(last));
  std::iota(items.begin(), items.end(), 1);
  return items;
}

class Stream : public ::testing::Test {
 protected:
  void SetUp() override {
    Collection::current() = &collection_;
    Probe::current() = &probe_;
    Gatekeeper::current() = &gatekeeper_;
  }

  Collection collection_;
  Probe probe_;
  Gatekeeper gatekeeper_;
  RecordingObserver observer_;
};

TEST_F(Stream, ANodeThatHasEnoughEndsItsSource) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: endless}\n"
      "  a: {from: n, function: add, k: 0}\n"
      "  q: {from: a, queue: fifo}\n"
      "  w: {from: q, function: wait, k: 1000000, limit: 2}\n"
      "  f: {from: w, function: first, count: 5}\n"
      "  c: {from: f, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.sorted("all").size(), 5U);
  for (const NodeSummary& node : summary.nodes) EXPECT_TRUE(node.counts.balanced()) << node.name;
}

TEST_F(Stream, ASourceGoesOnForAReaderThatHasNotEnough) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 20000}\n"
      "  f: {from: n, function: first, count: 5}\n"
      "  few: {from: f, sink: collect, to: few}\n"
      "  all: {from: n, sink: collect, to: all}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("few"), up_to(5));
  EXPECT_EQ(collection_.in_order("all"), up_to(20000));
}

TEST_F(Stream, ASourceOnAThreadOfItsOwnEndsEarlyToo) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: slow, to: 1000000000}\n"
      "  f: {from: n, function: first, count: 100}\n"
      "  all: {from: f, sink: collect, to: all}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("all"), up_to(100));
}

TEST_F(Stream, ACollectorGivesOutWhenItsInputHasEnded) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 100000, max_in_flight: 1000}\n"
      "  w: {from: n, function: add, k: 0, ordered: true}\n"
      "  b: {from: w, function: backwards}\n"
      "  again: {from: b, function: backwards}\n"
      "  c: {from: again, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(counts_of(summary, "b").in, 100000);
  EXPECT_EQ(counts_of(summary, "b").out, 100000);
  EXPECT_EQ(collection_.in_order("all"), up_to(100000));
}

TEST_F(Stream, ACollectorWaitsForAllThatItReads) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 1000}\n"
      "  s: {source: slow, to: 50}\n"
      "  none: {source: range, to: 0}\n"
      "  w: {from: n, function: wait, k: 100000}\n"
      "  q: {from: [w, none], queue: fifo, capacity: 3}\n"
      "  p: {from: q, function: add, k: 0, limit: 2}\n"
      "  b: {from: [p, s], function: window, size: 1000000}\n"
      "  c: {from: b, sink: collect}\n");
  EXPECT_EQ(collection_.in_order("all"), Items{1000 * 1001 / 2 + 50 * 51 / 2});
}

/// What waits for room in the queue must not keep the slots that its reader needs, and nor must
/// those of its function that stand in line before the reader's items.
TEST_F(Stream, FunctionsOnBothSidesOfAFullQueueMayShareALimit) {
  for (const bool is_ordered : {false, true}) {
    run_yaml(
        fmt::format("weir: 1\nlimits: {{net: 2, other: 1}}\nnodes:\n"
                    "  n: {{source: range, to: 300}}\n"
                    "  first: {{from: n, function: wait, k: 100000, limit: net, ordered: {0}}}\n"
                    "  q: {{from: first, queue: fifo, capacity: 3}}\n"
                    "  middle: {{from: q, function: block, limit: other, ordered: {0}}}\n"
                    "  p: {{from: middle, queue: fifo, capacity: 1}}\n"
                    "  last: {{from: p, function: wait, k: 100000, limit: [other, net]}}\n"
                    "  c: {{from: last, sink: collect, to: {0}}}\n",
                    is_ordered));
    EXPECT_EQ(collection_.sorted(is_ordered ? "true" : "false"), up_to(300));
  }
}

/// Whose turn it is not is halted too, which lets the items of the reader in.
TEST_F(Stream, AnOrderedFunctionMayShareTwoLimitsWithThoseThatMakeRoomForIt) {
  run_yaml(
      "weir: 1\nlimits: {net: 2, other: {slots: 3, rate: 1500/s}}\nnodes:\n"
      "  n: {source: range, to: 300}\n"
      "  first: {from: n, function: wait, k: 100000, limit: [net, other], ordered: true}\n"
      "  q: {from: first, queue: fifo, capacity: 1}\n"
      "  middle: {from: q, function: wait, k: 100000, limit: net, ordered: true}\n"
      "  p: {from: middle, queue: fifo, capacity: 4}\n"
      "  last: {from: p, function: wait, k: 100000, limit: [net, other]}\n"
      "  c: {from: last, sink: collect}\n");
  EXPECT_EQ(collection_.sorted("all"), up_to(300));
}

/// Two lines of work, each of which needs at its end what the other one holds at its beginning.
TEST_F(Stream, LinesOfWorkThatShareLimitsCrosswiseComeToTheirEnds) {
  run_yaml(
      "weir: 1\nlimits: {a: 1, b: 1}\nnodes:\n"
      "  n: {source: range, to: 200}\n"
      "  n1: {from: n, function: wait, k: 100000, limit: a}\n"
      "  nq: {from: n1, queue: fifo, capacity: 1}\n"
      "  n2: {from: nq, function: wait, k: 100000, limit: b}\n"
      "  m: {source: range, to: 200}\n"
      "  m1: {from: m, function: wait, k: 100000, limit: b}\n"
      "  mq: {from: m1, queue: fifo, capacity: 1}\n"
      "  m2: {from: mq, function: wait, k: 100000, limit: a}\n"
      "  c: {from: [n2, m2], sink: collect}\n");
  EXPECT_EQ(collection_.in_order("all").size(), 400U);
}

TEST_F(Stream, ACollectorOfNothingEnds) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 0}\n"
      "  b: {from: n, function: backwards}\n"
      "  c: {from: b, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_TRUE(collection_.in_order("all").empty());
}

TEST_F(Stream, ACollectorWhoseReadersHaveEnoughIsWorkedForNoMore) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 5000}\n"
      "  b: {from: n, function: backwards}\n"
      "  f: {from: b, function: first, count: 3}\n"
      "  c: {from: f, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("all"), (Items{5000, 4999, 4998}));
}

TEST_F(Stream, AStoppedRunGivesNothingOutOfACollector) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: endless}\n"
      "  b: {from: n, function: backwards}\n"
      "  c: {from: b, sink: collect}\n"
      "  x: {source: range, to: 10}\n"
      "  y: {from: x, sink: broken}\n");
  EXPECT_EQ(summary.exit_code, 3);
  EXPECT_TRUE(collection_.in_order("all").empty());
  for (const NodeSummary& node : summary.nodes) EXPECT_TRUE(node.counts.balanced()) << node.name;
}

/// The first window is given out although nothing comes any more: the door opens only then.
TEST_F(Stream, ANodeIsCalledWhenItIsDue) {
  observer_.on_item = [&](const runtime::ItemEnd& end) {
    if (end.node == "w") gatekeeper_.open();
  };
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 3}\n"
      "  b: {from: n, function: window, size: 10, within: 1ms}\n"
      "  w: {from: b, function: wait, k: 1000000}\n"
      "  m: {source: range, to: 1}\n"
      "  d: {from: m, function: door}\n"
      "  o: {from: d, function: window, size: 10, within: 1h}\n"
      "  c: {from: [w, o], sink: collect}\n",
      observer_);
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.sorted("all"), (Items{1, 6}));
}

TEST_F(Stream, AFullQueueHoldsItsWritersBack) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 20000}\n"
      "  w: {from: n, function: enter, limit: 3}\n"
      "  q: {from: w, queue: fifo, capacity: 2}\n"
      "  r: {from: q, function: leave, limit: 1}\n"
      "  c: {from: r, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.sorted("all"), up_to(20000));
  EXPECT_LE(counts_of(summary, "q").peak_waiting, 2);
  // Batches are no larger than the queue: three at the writers, one in it, one at its reader.
  EXPECT_LE(probe_.most(), (3 + 1 + 1) * 2);
}

TEST_F(Stream, AFullQueueBehindAnOrderedFunctionKeepsTheOrder) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 5000}\n"
      "  w: {from: n, function: enter, limit: 3, ordered: true}\n"
      "  q: {from: w, queue: fifo, capacity: 2}\n"
      "  r: {from: q, function: leave, limit: 1}\n"
      "  c: {from: r, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("all"), up_to(5000));
  EXPECT_LE(counts_of(summary, "q").peak_waiting, 2);
}

/// The door behind it opens only when the window has been due many times.
TEST_F(Stream, WhatIsGivenOutLateIsBoundedAsASourceIs) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 300000}\n"
      "  b: {from: n, function: window, size: 1000000000, within: 1ms}\n"
      "  q: {from: b, queue: fifo, capacity: 1}\n"
      "  w: {from: q, function: wait, k: 1000000, limit: 1}\n"
      "  c: {from: w, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_LE(counts_of(summary, "q").peak_waiting, 1);
  const Items sums = collection_.in_order("all");
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::int64_t{0}),
            std::int64_t{300000} * 300001 / 2);
}

TEST_F(Stream, AFullQueueHoldsItsSourceBack) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: entering, to: 20000}\n"
      "  q: {from: n, queue: fifo, capacity: 4}\n"
      "  r: {from: q, function: leave, limit: 1}\n"
      "  c: {from: r, sink: collect}\n");
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("all"), up_to(20000));
  // In the queue, at its reader, before the queue, and made ahead.
  EXPECT_LE(probe_.most(), 4 * 4);
}

TEST_F(Stream, ALongTaskHandsBackWhatItHasNotBegun) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 1030}\n"
      "  j: {from: n, function: jump, quick: 1000}\n"
      "  c: {from: j, sink: collect}\n",
      observer_, 2, 1030);
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.sorted("all"), up_to(1030));
  // One batch, and two at work on it.
  EXPECT_EQ(counts_of(summary, "n").batches, 1);
  EXPECT_GT(counts_of(summary, "j").batches, 1);
  EXPECT_EQ(probe_.most(), 2);
}

TEST_F(Stream, WhatIsHandedBackComesInOrderWhereThatIsWanted) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 1030}\n"
      "  a: {from: n, function: add, k: 0}\n"
      "  j: {from: a, function: jump, quick: 1000, ordered: true}\n"
      "  l: {from: j, function: jump, quick: 1020, limit: 3, ordered: true}\n"
      "  c: {from: l, sink: collect}\n",
      observer_, 2, 1030);
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(collection_.in_order("all"), up_to(1030));
}

TEST_F(Stream, WhatOneItemBecomesIsPaidForByItsSource) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 2000, max_in_flight: 10}\n"
      "  r: {from: n, function: repeat, k: 1000}\n"
      "  q: {from: r, queue: fifo}\n"
      "  s: {from: q, function: add, k: 0, limit: 1}\n"
      "  d: {from: s, sink: discard}\n");
  EXPECT_EQ(counts_of(summary, "d").done, 2000 * 1000);
  // 10 items at most are made before the first of what they became is counted.
  EXPECT_LE(counts_of(summary, "q").peak_waiting, 11 * 1000);
}

}  // namespace
}  // namespace weir::test
