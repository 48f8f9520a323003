#include "view/record/account.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "samples.hpp"
#include "view/record/lanes.hpp"

namespace weir::view::test {
namespace {

/// "limit build 0-2, run 2-3", in seconds.
std::string shown(const Recording& recording, const Recording::Item& item) {
  std::string to;
  for (const Part& part : Account(recording).parts(item)) {
    to += (to.empty() ? "" : ", ") + to_string(part.cause) + " " +
          std::to_string(part.begin / kSecond) + "-" + std::to_string(part.end / kSecond);
  }
  return to;
}

TEST(Account, AnItemWaitsForItsLimitAndRuns) {
  Recording of = recording(1, 0);
  add(of, 1, 1, 3, 4);
  EXPECT_EQ(shown(of, of.items[0]), "limit build 1-3, run 3-4");
}

TEST(Account, WhatAnItemWaitedForIsNamed) {
  Recording of = recording(1, 0);
  add(of, 1, 1, 3, 4);
  of.items[0].attempts[0].held_by = "registry";
  for (const char* const why : {"rate", "pause", "memory"}) {
    of.items[0].attempts[0].held_for = why;
    EXPECT_EQ(shown(of, of.items[0]), std::string(why) + " registry 1-3, run 3-4");
  }
}

TEST(Account, OneWhoseNodeFoundAFullQueueWaitsForRoom) {
  Recording of = recording(1, 0);
  add(of, 1, 1, 3, 4);
  of.items[0].attempts[0].held_by = "";
  of.items[0].attempts[0].held_for = "room";
  EXPECT_EQ(shown(of, of.items[0]), "queue 1-3, run 3-4");
}

TEST(Account, ABackOffThatIsOverIsNoneUntilTheRunDied) {
  const Recording of = killed_in_a_pause();
  // It was over between the samples at 0.55 s and 0.75 s.
  for (const std::size_t item : {0, 1}) {
    const std::vector<Part> parts = Account(of).parts(of.items[item]);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(to_string(parts[1].cause), "back-off");
    EXPECT_EQ(parts[1].end, kSecond * 65 / 100);
    EXPECT_EQ(to_string(parts[2].cause), "pause reg");
    EXPECT_EQ(parts[2].end, 6 * kSecond);
  }
}

TEST(Account, ABackOffThatIsNotOverEndsWithTheRun) {
  Recording of = killed_in_a_pause();
  for (Recording::Sample& one : of.samples) one.nodes[1].backing_off = 2;
  EXPECT_EQ(shown(of, of.items[1]), "run 0-0, back-off 0-6");
}

TEST(Account, BetweenAttemptsItBacksOff) {
  Recording of = recording(1, 0);
  add(of, 1, 0, 0, 9);
  Recording::Attempt second = of.items[0].attempts[0];
  of.items[0].attempts[0].ended = 2 * kSecond;
  second.queued = 5 * kSecond;
  second.admitted = 6 * kSecond;
  second.held_by = "build";
  second.held_for = "slots";
  second.started = 7 * kSecond;
  of.items[0].attempts.push_back(second);
  EXPECT_EQ(shown(of, of.items[0]), "run 0-2, back-off 2-5, limit build 5-6, worker 6-7, run 7-9");
}

TEST(Account, ARowOfItemsHasNoGaps) {
  Recording of = recording(1, 1);
  const std::size_t first = add(of, 1, 0, 1, 2);
  const std::size_t second = add(of, 2, 3, 4, 6, first);
  EXPECT_EQ(shown(of, of.items[second]), "handed on 2-3, limit push 3-4, run 4-6");
  of.graph.nodes[1].ordered = true;
  EXPECT_EQ(shown(of, of.items[second]), "ordered 2-3, limit push 3-4, run 4-6");
  const Where where = where_time_went(of);
  EXPECT_EQ(where.all, 6 * kSecond);
  EXPECT_EQ(where.nodes[2].at({Cause::Kind::ordered}), kSecond);
}

TEST(Account, BehindAQueueWithACapacityTheWayIsAWaitForRoom) {
  Recording of = recording(1, 1);
  of.graph.nodes.push_back({"built", "queue", "fifo", "", {}, {}, 4, false});
  of.graph.edges = {{0, "out", 1}, {1, "out", 3}, {3, "out", 2}};
  add(of, 1, 0, 0, 2);
  add(of, 2, 3, 3, 4, 0);
  EXPECT_EQ(shown(of, of.items[1]), "queue 2-3, run 3-4");
}

TEST(Account, OneThatIsCutOffBetweenAttemptsBacksOffUntilTheEnd) {
  Recording of = recording(1, 0);
  add(of, 1, 0, 0, 2);
  of.items[0].state = journal::State::backing_off;
  of.items[0].ended = 5 * kSecond;
  EXPECT_EQ(shown(of, of.items[0]), "run 0-2, back-off 2-5");
}

TEST(Lanes, AreTheSmallestNumbersThatAreFree) {
  Recording of = recording(0, 0);
  add(of, 1, 0, 0, 4);
  add(of, 1, 1, 1, 2);
  add(of, 1, 2, 2, 3);
  add(of, 1, 2, 2, 5);
  const auto lanes = lanes_of(of);
  ASSERT_EQ(lanes[1].size(), 3U);
  EXPECT_EQ(lanes[1][0].size(), 1U);
  EXPECT_EQ(lanes[1][1].size(), 2U);
  EXPECT_EQ(lanes[1][2].front().item, 3U);
  EXPECT_TRUE(lanes[2].empty());
}

}  // namespace
}  // namespace weir::view::test
