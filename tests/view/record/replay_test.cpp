#include "view/record/replay.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <stdexcept>
#include <vector>

#include "samples.hpp"
#include "view/record/virtual_time.hpp"

namespace weir::view::test {
namespace {

double predicted(const Recording& recording, const Slots& slots = {}) {
  return replay(recording, slots).seconds;
}

TEST(Replay, TakesAsLongAsTheRunDidWithItsOwnLimits) {
  EXPECT_DOUBLE_EQ(predicted(one_second_each(10, 3)), 4);
  EXPECT_DOUBLE_EQ(predicted(one_second_each(100, 1)), 100);
}

TEST(Replay, TakesLessWithMoreSlots) {
  const Recording of = one_second_each(100, 2);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 5}}), 20);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", std::nullopt}}), 1);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 1}}), 100);
}

TEST(Replay, AFunctionWithoutALimitCanBeGivenOne) {
  EXPECT_DOUBLE_EQ(predicted(one_second_each(6, 3), {{"push", 1}}), 2);
  Recording of = recording(0, 0);
  for (int i = 0; i < 6; ++i) add(of, 1, 0, 0, 1);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 2}}), 3);
}

TEST(Replay, WhatComesOfAnItemComesAtItsEnd) {
  Recording of = recording(1, 1);
  for (int i = 0; i < 4; ++i) {
    const std::size_t built = add(of, 1, 0, i, i + 1);
    add(of, 2, i + 1, 1 + 2 * i, 3 + 2 * i, built);
  }
  EXPECT_DOUBLE_EQ(predicted(of), 9);
  EXPECT_DOUBLE_EQ(predicted(of, {{"push", 2}}), 6);
  EXPECT_DOUBLE_EQ(predicted(of, {{"push", 2}, {"build", 4}}), 5);
}

TEST(Replay, BacksOffAsItDidWithoutItsSlot) {
  Recording of = recording(1, 0);
  add(of, 1, 0, 0, 1);
  Recording::Attempt second = of.items[0].attempts[0];
  second.queued = second.admitted = second.started = 4 * kSecond;
  second.ended = 5 * kSecond;
  of.items[0].attempts.push_back(second);
  of.items[0].ended = of.last = 5 * kSecond;
  add(of, 1, 0, 1, 2);
  EXPECT_DOUBLE_EQ(predicted(of), 5);
}

TEST(Replay, ASourceThatWasHeldBackGivesEarlier) {
  Recording of = recording(1, 0);
  of.max_in_flight["images"] = 2;
  for (int i = 0; i < 10; ++i) add(of, 1, std::max(0, i - 1), i, i + 1);
  EXPECT_DOUBLE_EQ(predicted(of), 10);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 2}}), 5);
}

TEST(Replay, ASourceThatIsSlowStaysSo) {
  Recording of = recording(1, 0);
  for (int i = 0; i < 10; ++i) add(of, 1, i, i, i + 1);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 5}}), 10);
}

TEST(Replay, AFullQueueKeepsTheSlotsBeforeIt) {
  // Two slots and a queue of one before a slow function: what is built is kept back.
  Recording of = recording(2, 1);
  of.graph.nodes.push_back({"built", "queue", "fifo", "", {}, {}, 1, false});
  of.graph.edges = {{0, "out", 1}, {1, "out", 3}, {3, "out", 2}};
  for (int i = 0; i < 6; ++i) {
    const std::size_t built = add(of, 1, 0, 0, 1);
    add(of, 2, 1, 1, 6, built);
  }
  // 1 until the first is built, then one after the other.
  EXPECT_DOUBLE_EQ(predicted(of), 31);
  EXPECT_DOUBLE_EQ(predicted(of, {{"push", 6}}), 8);
}

TEST(Replay, AFullQueueKeepsNothingOfALimitThatIsShared) {
  // `push` needs a slot of the limit whose slots `build` would keep for ever.
  Recording of = recording(0, 0);
  of.graph.limits = {{"net", 1, {}, "", {}}};
  of.graph.nodes[1].limits = of.graph.nodes[2].limits = {"net"};
  of.graph.nodes.push_back({"built", "queue", "fifo", "", {}, {}, 1, false});
  of.graph.edges = {{0, "out", 1}, {1, "out", 3}, {3, "out", 2}};
  for (int i = 0; i < 6; ++i) {
    const std::size_t built = add(of, 1, 0, 2 * i, 2 * i + 1);
    add(of, 2, 2 * i + 1, 2 * i + 1, 2 * i + 2, built);
  }
  for (const std::int64_t slots : {1, 2, 3, 6}) {
    SCOPED_TRACE(slots);
    const Replayed replayed = replay(of, {{"net", slots}});
    EXPECT_TRUE(replayed.is_complete);
    EXPECT_GE(replayed.seconds, 12.0 / static_cast<double>(slots));
    EXPECT_LE(replayed.seconds, 12);
  }
}

TEST(Replay, MoreSlotsAreNoMoreProcessors) {
  Recording of = one_second_each(8, 2);
  for (Recording::Item& item : of.items) item.attempts[0].cpu = kSecond;
  EXPECT_NEAR(predicted(of), 4, 0.001);
  const Replayed more = replay(of, {{"build", 8}});
  EXPECT_NEAR(more.seconds, 4, 0.001);
  EXPECT_GT(more.busy_share, 0.99);
  EXPECT_NEAR(predicted(of, {{"build", 1}}), 8, 0.001);
}

TEST(Replay, WaitingForProcessorsIsLeftOutWhereThereAreEnough) {
  // Eight at once on two processors took four seconds each, one of them of work.
  Recording of = recording(8, 0);
  for (int i = 0; i < 8; ++i) add(of, 1, 0, 0, 4);
  for (Recording::Item& item : of.items) item.attempts[0].cpu = kSecond;
  EXPECT_NEAR(predicted(of), 4, 0.001);
  EXPECT_NEAR(predicted(of, {{"build", 2}}), 4, 0.001);
  EXPECT_NEAR(predicted(of, {{"build", 1}}), 8, 0.001);
}

/// So many at once on two processors: each sleeps 2 to 4 s, then works for 2 s. What others of the
/// machine do with it is nothing, so the share that is idle is what these leave.
Recording sleeping_and_working(std::int64_t items, std::int64_t slots) {
  Recording of = recording(slots, 0);
  VirtualTime time;
  Processors processors(time, 2);
  std::int64_t next = 0;
  std::function<void()> begin = [&] {
    if (next == items) return;
    const std::int64_t sleep = 2 * kSecond + next++ % 5 * kSecond / 2;
    time.at(time.ns() + sleep, [&, began = time.ns()] {
      processors.work(2 * kSecond, [&, began] {
        const auto seconds = [](Recording::Time ns) { return static_cast<double>(ns) / 1e9; };
        add(of, 1, 0, seconds(began), seconds(time.ns()));
        of.items.back().attempts[0].cpu = 2 * kSecond;
        begin();
      });
    });
  };
  for (std::int64_t i = 0; i < slots; ++i) begin();
  time.run();
  const double most = 2 * static_cast<double>(of.last);
  for (Recording::Time at = 0; at < of.last + kSecond; at += kSecond / 4) {
    Recording::Sample& sample = of.samples.emplace_back();
    sample.at = at;
    sample.idle = 1 - static_cast<double>(items * 2 * kSecond) / most;
    sample.nodes.resize(3);
  }
  return of;
}

TEST(Replay, SleepBesideOthersIsNotTakenForWaiting) {
  for (const std::int64_t slots : {2, 3, 4}) {
    const Recording of = sleeping_and_working(40, slots);
    EXPECT_NEAR(predicted(of), static_cast<double>(of.last) / 1e9, 5) << slots;
    EXPECT_NEAR(predicted(of, {{"build", 1}}), 200, 20) << slots;
  }
}

TEST(Replay, OthersGiveNoProcessorAway) {
  // One at a time had a processor for itself; the other one was not idle.
  Recording of = one_second_each(8, 1);
  for (Recording::Item& item : of.items) item.attempts[0].cpu = kSecond;
  for (int second = 0; second < 9; ++second) {
    Recording::Sample sample;
    sample.at = second * kSecond;
    sample.idle = 0;
    sample.nodes.resize(3);
    of.samples.push_back(sample);
  }
  EXPECT_NEAR(predicted(of, {{"build", 4}}), 8, 0.001);
  for (Recording::Sample& sample : of.samples) sample.idle = 0.5;
  EXPECT_NEAR(predicted(of, {{"build", 4}}), 4, 0.001);
}

TEST(Replay, ALimitPausesAgainBehindTheSameFailures) {
  // Two at a time for 1 s each. The second fails, and its limit pauses for 5 s behind that.
  Recording of = recording(2, 0);
  const auto let_in_after_pause = [&](std::size_t item) {
    of.items[item].attempts[0].held_for = "pause";
  };
  add(of, 1, 0, 0, 1);
  of.items[add(of, 1, 0, 0, 1)].attempts[0].state = journal::State::failed;
  let_in_after_pause(add(of, 1, 0, 6, 7));
  let_in_after_pause(add(of, 1, 0, 6, 7));
  add(of, 1, 0, 7, 8);
  add(of, 1, 0, 7, 8);
  EXPECT_DOUBLE_EQ(predicted(of), 8);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 1}}), 11);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 3}}), 7);
}

TEST(Replay, OfARunThatWasKilledIsAboutItsAttempts) {
  const Recording of = killed_in_a_pause();
  EXPECT_DOUBLE_EQ(seconds_to_replay(of), 0.5);
  EXPECT_DOUBLE_EQ(predicted(of), 0.5);
  EXPECT_DOUBLE_EQ(predicted(of, {{"reg", 1}}), 1);
}

TEST(Replay, SaysWhatHoldsItBackThen) {
  const Replayed replayed = replay(one_second_each(10, 1), {{"build", 2}});
  EXPECT_EQ(replayed.bottleneck.nodes, std::vector<std::string>{"build"});
  EXPECT_EQ(replayed.bottleneck.text,
            "items waited 20.0s in all, bound by its limit (2 slots); at most 2 ran, and 8 waited");
}

TEST(Replay, FindsWhatHoldsItBackAsTheReportDoes) {
  // Most of the waiting is at `build`, for a moment; `push` takes the time.
  Recording of = recording(2, 1);
  for (int i = 0; i < 200; ++i) {
    const double begins = 0.01 * (i / 2);
    const std::size_t built = add(of, 1, 0, begins, begins + 0.01);
    if (i < 10) add(of, 2, begins + 0.01, 0.01 + i, 1.01 + i, built);
  }
  const Replayed replayed = replay(of, {});
  EXPECT_NEAR(replayed.seconds, 10.01, 0.001);
  EXPECT_EQ(replayed.bottleneck.nodes, std::vector<std::string>{"push"});
}

TEST(Replay, SlotsThatWereChangedChangeAgain) {
  // One at a time until 4 s, then three.
  Recording of = recording(1, 0);
  for (int i = 0; i < 10; ++i) {
    const int begins = i < 4 ? i : 4 + (i - 4) / 3;
    add(of, 1, 0, begins, begins + 1);
  }
  sample(of, 3.9, {10, 3, 0, 1, 6, 0, 0}, {});
  wait_for_limit(of, "build", "build", 1, false);
  sample(of, 4.1, {10, 4, 0, 3, 3, 0, 0}, {});
  wait_for_limit(of, "build", "build", 3, false);
  EXPECT_DOUBLE_EQ(predicted(of), 6);
  EXPECT_DOUBLE_EQ(predicted(of, {{"build", 1}}), 10);
}

TEST(Replay, IsAskedOfLimitsThatHaveSlots) {
  Recording of = recording(1, 0);
  of.graph.limits = {{"api", {}, 0.5, "", {}}, {"net", 2, {}, "", {}}};
  Slots slots;
  read_slots(of, "net=5", slots);
  try {
    read_slots(of, "api=2", slots);
    FAIL() << "it has none";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(
        error.what(),
        "limit 'api' has no slots, only a rate, and what if can be asked of slots only: of "
        "net, build, push");
  }
}

TEST(Replay, IsAskedWithNamesThatThereAre) {
  const Recording of = recording(1, 0);
  Slots slots;
  read_slots(of, "build=5", slots);
  read_slots(of, "push=unlimited", slots);
  EXPECT_EQ(slots, (Slots{{"build", 5}, {"push", std::nullopt}}));
  for (const char* const wrong :
       {"buidl=5", "build", "build=0", "build=x", "build=5x", "images=3"}) {
    EXPECT_THROW(read_slots(of, wrong, slots), std::invalid_argument) << wrong;
  }
}

TEST(Processors, AreSharedEvenly) {
  VirtualTime time;
  Processors two(time, 2);
  std::vector<VirtualTime::Ns> ends;
  const auto note = [&] { ends.push_back(time.ns()); };
  two.work(100, note);
  two.work(100, note);
  time.at(50, [&] { two.work(100, note); });
  time.run();
  // From 50 on three share two: the first two need 75 more. Then one is alone, with 50 left.
  EXPECT_EQ(ends, (std::vector<VirtualTime::Ns>{125, 125, 175}));
}

}  // namespace
}  // namespace weir::view::test
