#include "view/record/bottleneck.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace weir::view::test {
namespace {

std::string said_of(const Recording& recording) {
  return sentence(bottleneck_of(recording, where_time_went(recording)));
}

TEST(BottleneckOfARecord, IsTheLimitThatItemsWaitedForMost) {
  EXPECT_EQ(said_of(one_second_each(10, 2)),
            "build held it back: items waited 20.0s in all, bound by its limit");
}

TEST(BottleneckOfARecord, CountsItemsThatHadNotBegunWhenTheRunDied) {
  Recording of = recording(1, 2);
  of.state = "crashed";
  // One item waited 1 s for `build`; before `push` 40 wait behind two that have run since 1 s.
  const std::size_t first = add(of, 1, 0, 0, 1);
  add(of, 1, 0, 1, 2);
  add(of, 2, 1, 1, 10, first);
  sample(of, 0, {2, 0, 0, 1, 1, 0, 0}, {});
  sample(of, 1, {2, 1, 0, 1, 0, 0, 0}, {42, 0, 0, 2, 40, 0, 0});
  EXPECT_EQ(said_of(of),
            "push held it back for 10.0s of 10.0s: items waited 6m00s in all, bound by its limit "
            "(2 slots); at most 2 ran, and 40 waited; 40 have not begun");
}

TEST(BottleneckOfARecord, IsThePauseInWhichTheRunDied) {
  EXPECT_EQ(
      said_of(killed_in_a_pause()),
      "build held it back for 5.8s of 6.0s: items waited 45.0s in all, paused by a throttle of "
      "limit reg; at most 2 ran, and 8 waited; 6 have not begun");
}

TEST(BottleneckOfARecord, WaitedAsLongAsTheTableOfCausesSays) {
  for (const char* const state : {"crashed", "running"}) {
    Recording of = killed_in_a_pause();
    of.state = state;
    const Where where = where_time_went(of);
    const Recording::Time paused = where.nodes[1].at({Cause::Kind::pause, "reg"});
    EXPECT_EQ(paused / (kSecond / 10), 450);
    EXPECT_NE(said_of(of).find("items waited 45.0s in all, "), std::string::npos) << said_of(of);
    EXPECT_EQ(where.all, paused + where.nodes[1].at({Cause::Kind::run}) +
                             where.nodes[1].at({Cause::Kind::back_off}));
  }
}

TEST(BottleneckOfARecord, HasTheSlotsThatTheLimitHadForLongest) {
  Recording of = recording(3, 0);
  add(of, 1, 0, 1, 10);
  sample(of, 0, {30, 0, 0, 3, 27, 0, 0}, {});
  wait_for_limit(of, "build", "build", 3, false);
  for (const double at : {2.0, 10.0}) {
    sample(of, at, {30, 6, 0, 6, 18, 0, 0}, {});
    wait_for_limit(of, "build", "build", 6, false);
  }
  EXPECT_NE(said_of(of).find("bound by its limit (6 slots)"), std::string::npos) << said_of(of);
  EXPECT_TRUE(said_of(of).ends_with("; limit build was set to 6 slots meanwhile")) << said_of(of);
}

TEST(BottleneckOfARecord, SaysOfNoneThatAllHaveBegunThatSomeHaveNot) {
  Recording of = one_second_each(10, 2);
  of.state = "stopped";  // while the last of them was under way
  of.items.back().state = journal::State::cancelled;
  sample(of, 0, {10, 0, 0, 2, 8, 0, 0}, {});
  sample(of, 4, {10, 8, 0, 2, 0, 0, 0}, {});
  sample(of, 5, {10, 9, 0, 0, 0, 0, 0}, {});
  const std::string said = said_of(of);
  EXPECT_TRUE(said.starts_with("build held it back for ")) << said;
  EXPECT_EQ(said.find("have not begun"), std::string::npos) << said;
}

TEST(BottleneckOfARecord, IsWhatWouldHaveBeenSaidForTheLongestTime) {
  // Most of the waiting was at `build`, where many waited for a moment.
  Recording of = recording(2, 1);
  of.state = "done";
  std::vector<std::size_t> built;
  for (int i = 0; i < 200; ++i) built.push_back(add(of, 1, 0, i < 2 ? 0 : 1, 1.5));
  for (std::size_t i = 0; i < 10; ++i) {
    const auto begins = static_cast<double>(i) + 2;
    add(of, 2, 1.5, begins, begins + 1, built[i]);
  }
  sample(of, 0, {200, 0, 0, 2, 198, 0, 0}, {});
  sample(of, 2, {200, 198, 0, 2, 0, 0, 0}, {10, 0, 0, 1, 9, 0, 0});
  sample(of, 7, {200, 200, 0, 0, 0, 0, 0}, {10, 5, 0, 1, 4, 0, 0});
  EXPECT_EQ(said_of(of),
            "push held it back for 7.0s of 12.0s: items waited 50.0s in all, bound by its limit (1 "
            "slot); at most 1 ran, and 10 waited");
}

TEST(BottleneckOfARecord, IsNoNodeThatAFullQueueHoldsBack) {
  Recording of = recording(1, 0);
  of.graph.nodes.push_back({"built", "queue", "fifo", "", {}, {}, 5, false});
  of.graph.edges = {{0, "out", 1}, {1, "out", 3}};
  add(of, 1, 0, 1, 2);
  for (const double second : {0.0, 5.0}) {
    sample(of, second, {30, 10, 0, 0, 20, 0, 0}, {30, 0, 0, 4, 0, 0, 0});
    of.samples.back().nodes.push_back({10, 5, 0, 0, 5, 0, 0});
  }
  EXPECT_EQ(said_of(of), "push held it back for 5.0s of 5.0s: bound by its commands");
}

TEST(BottleneckOfARecord, WithoutALimitIsWhatWasWorkedOn) {
  Recording of = recording(0, 0);
  add(of, 1, 0, 0, 1);
  sample(of, 0, {1, 0, 0, 1, 0, 0, 0}, {});
  sample(of, 1, {1, 0, 0, 1, 0, 0, 0}, {});
  EXPECT_EQ(said_of(of), "build held it back for 1.0s of 1.0s: bound by its command");
}

TEST(BottleneckOfARecord, IsASourceThatGivesSlowly) {
  Recording of = recording(2, 0);
  for (const std::int64_t second : {0, 5, 10}) {
    sample(of, static_cast<double>(second), {second, second, 0, 0, 0, 0, 0}, {});
    of.samples.back().nodes[0].in = second;
  }
  EXPECT_EQ(said_of(of), "images held it back for 5.0s of 10.0s: the source is the bound");
}

/// Both nodes share the limit `disk`; what waits for it waits at the first for so long in all, and
/// at the second for 9 s.
Recording shared_limit(double first) {
  Recording of = recording(0, 0);
  of.graph.limits = {{"disk", 2, {}, "", {}}};
  for (const std::size_t node : {1, 2}) of.graph.nodes[node].limits = {"disk"};
  const std::size_t one = add(of, 1, 0, first, 9);
  const std::size_t two = add(of, 2, 0, 9, 10);
  for (const std::size_t item : {one, two}) {
    of.items[item].attempts.front().held_by = "disk";
    of.items[item].attempts.front().held_for = "slots";
  }
  return of;
}

TEST(BottleneckOfARecord, IsALimitForWhichSeveralNodesWaited) {
  EXPECT_EQ(said_of(shared_limit(6)),
            "build and push held it back: items waited 15.0s in all, bound by limit disk");
  Recording running = shared_limit(6);
  running.state = "running";
  EXPECT_EQ(said_of(running),
            "build and push hold it back: items waited 15.0s in all, bound by limit disk");
}

TEST(BottleneckOfARecord, DoesNotNameWhoWaitedForASharedLimitForAMomentOnly) {
  EXPECT_EQ(said_of(shared_limit(0.1)),
            "push held it back: items waited 9.1s in all, bound by limit disk");
}

}  // namespace
}  // namespace weir::view::test
