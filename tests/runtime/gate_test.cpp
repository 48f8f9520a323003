// The limited stage: nothing lost, nothing twice, never over the limit, whatever the timing.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>

#include "support.hpp"

namespace weir::test {
namespace {

class Gate : public ::testing::Test {
 protected:
  void SetUp() override {
    Collection::current() = &collection_;
    Probe::current() = &probe_;
  }
  void TearDown() override { Probe::current() = nullptr; }

  static std::vector<std::int64_t> one_to(std::int64_t to) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(to));
    std::iota(all.begin(), all.end(), 1);
    return all;
  }

  Collection collection_;
  Probe probe_;
};

TEST_F(Gate, LetsEveryJobThroughOnceAndNeverMoreThanTheLimitIn300Rounds) {
  for (int round = 1; round <= seeds(300); ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    const int limit = round % 5 + 1;
    Collection collection;
    Probe probe;
    Collection::current() = &collection;
    Probe::current() = nullptr;
    // The writers wait at random and so do the readers; only the readers pass the probe.
    const std::string yaml = fmt::format(
        "weir: 1\nnodes:\n"
        "  jobs: {{source: range, to: 100}}\n"
        "  write: {{from: jobs, function: sleep, for: {{random: [0s, 500us]}}}}\n"
        "  queue: {{from: write, queue: fifo}}\n"
        "  read: {{from: queue, function: wait, limit: {}}}\n"
        "  all: {{from: read, sink: collect}}\n",
        limit);
    Probe::current() = &probe;
    const RunSummary summary = run_yaml(yaml, round % 3 + 1);
    ASSERT_EQ(collection.sorted("all"), one_to(100));
    ASSERT_LE(probe.most(), limit);
    ASSERT_EQ(probe.inside(), 0);
    ASSERT_EQ(summary.exit_code, 0);
  }
}

TEST_F(Gate, GivesThePermitBackWhenTheItemFails) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  jobs: {source: range, to: 100}\n"
      "  queue: {from: jobs, queue: fifo}\n"
      "  read: {from: queue, function: wait, k: 2, limit: 3}\n"
      "  all: {from: read, sink: collect}\n");
  EXPECT_EQ(counts_of(summary, "read").failed, 50);
  EXPECT_EQ(counts_of(summary, "read").done, 50);
  EXPECT_EQ(probe_.most(), 3);
  EXPECT_EQ(summary.exit_code, 1);
}

TEST_F(Gate, HoldsForFunctionsThatCompute) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  jobs: {source: range, to: 20000}\n"
      "  queue: {from: jobs, queue: fifo}\n"
      "  read: {from: queue, function: probed, limit: 2}\n"
      "  all: {from: read, sink: collect}\n",
      4);
  EXPECT_LE(probe_.most(), 2);
  EXPECT_EQ(collection_.sorted("all"), one_to(20000));
}

TEST_F(Gate, HoldsForFunctionsThatBlock) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  jobs: {source: range, to: 500}\n"
      "  read: {from: jobs, function: block, limit: 3}\n"
      "  all: {from: read, sink: collect}\n",
      2);
  EXPECT_LE(probe_.most(), 3);
  EXPECT_EQ(collection_.sorted("all"), one_to(500));
}

TEST_F(Gate, HoldsWithoutAQueueBeforeIt) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  jobs: {source: range, to: 200}\n"
      "  read: {from: jobs, function: wait, limit: 3}\n"
      "  all: {from: read, sink: collect}\n");
  EXPECT_EQ(probe_.most(), 3);
  EXPECT_EQ(collection_.sorted("all"), one_to(200));
}

TEST_F(Gate, TakesFromSeveralQueuesAndNodesAtOnce) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  a: {source: range, to: 100}\n"
      "  b: {source: range, start: 101, to: 200}\n"
      "  c: {source: range, start: 201, to: 300}\n"
      "  qa: {from: a, queue: fifo}\n"
      "  qb: {from: b, queue: fifo}\n"
      "  read: {from: [qa, qb, c], function: wait, limit: 2}\n"
      "  all: {from: read, sink: collect}\n");
  EXPECT_EQ(probe_.most(), 2);
  EXPECT_EQ(collection_.sorted("all"), one_to(300));
}

TEST_F(Gate, KeepsTheOrderThroughAFunctionThatComputesOneAtATime) {
  for (int round = 0; round < 20; ++round) {
    Collection collection;
    Collection::current() = &collection;
    run_yaml(
        "weir: 1\nnodes:\n"
        "  jobs: {source: range, to: 20000}\n"
        "  queue: {from: jobs, queue: fifo}\n"
        "  read: {from: queue, function: add, k: 0, limit: 1}\n"
        "  all: {from: read, sink: collect}\n",
        4);
    ASSERT_EQ(collection.in_order("all"), one_to(20000));
  }
}

TEST_F(Gate, KeepsTheOrderOfAQueueBeforeAReaderThatTakesOneAtATime) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  jobs: {source: range, to: 1000}\n"
      "  queue: {from: jobs, queue: fifo}\n"
      "  read: {from: queue, function: wait, limit: 1}\n"
      "  all: {from: read, sink: collect}\n",
      3);
  EXPECT_EQ(collection_.in_order("all"), one_to(1000));
}

}  // namespace
}  // namespace weir::test
