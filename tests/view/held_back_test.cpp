#include "view/held_back.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

runtime::Status pushes_at(double seconds, std::int64_t pushes_waiting) {
  runtime::Status status;
  status.seconds = seconds;
  for (const char* const name : {"build", "push"}) {
    runtime::NodeStatus node;
    node.name = name;
    node.kind = "function";
    status.nodes.push_back(node);
  }
  status.nodes[1].running = 3;
  status.nodes[1].waiting = 1;
  status.nodes[1].queued = pushes_waiting - 1;
  return status;
}

Finding finding(const char* node, const char* reason, bool is_bottleneck = true) {
  return {{node}, "text", reason, is_bottleneck};
}

std::vector<std::string> sentences(const HeldBack& held) {
  std::vector<std::string> sentences;
  for (const Bottleneck& bottleneck : held.all()) sentences.push_back(sentence(bottleneck));
  return sentences;
}

using Lines = std::vector<std::string>;

TEST(HeldBack, IsWhatWasFirstForTheLongestTimeAndWhyItWas) {
  HeldBack held;
  held.note(pushes_at(0, 1), {});
  held.note(pushes_at(2, 1), {finding("build", "bound by its commands")});
  held.note(pushes_at(5, 41), {finding("push", "limit 3"), finding("build", "its commands")});
  held.note(pushes_at(10, 2), {finding("push", "limit 4")});
  EXPECT_EQ(sentences(held),
            (Lines{"push held it back for 8.0s of 10.0s: limit 4; at most 3 ran, and 41 waited",
                   "build held it back for 2.0s of 10.0s: bound by its commands"}));
}

TEST(HeldBack, SaysTheMostThatIsKnownEvenIfItWasNotSeen) {
  HeldBack held;
  held.note(pushes_at(0, 1), {});
  held.note(pushes_at(5, 41), {finding("push", "limit 3")});
  runtime::Status last = pushes_at(10, 2);
  last.nodes[1].peak_running = 5;
  last.nodes[1].peak_waiting = 57;
  held.note(last, {finding("push", "limit 3")});
  EXPECT_EQ(sentences(held),
            Lines{"push held it back for 10.0s of 10.0s: limit 3; at most 5 ran, and 57 waited"});
}

TEST(HeldBack, IsNobodyWhereNothingWasSeen) {
  HeldBack held;
  EXPECT_TRUE(held.all().empty());
  held.note(pushes_at(0, 1), {});
  held.note(pushes_at(9, 1), {finding("build", "held back by a full queue", false)});
  EXPECT_TRUE(held.all().empty());
}

TEST(HeldBack, IsSaidOfWhatWasSeenOnce) {
  HeldBack held;
  held.note(pushes_at(0.2, 5), {finding("push", "limit 3")});
  EXPECT_EQ(sentences(held), Lines{"push held it back: limit 3; at most 3 ran, and 5 waited"});
}

/// What waits for the limit `disk`, now at the one and now at the other, or at both.
runtime::Status disk_is_full(double seconds, std::vector<runtime::WaiterStatus> waiters) {
  runtime::Status status = pushes_at(seconds, 5);
  runtime::LimitStatus limit;
  limit.name = "disk";
  limit.slots = 2;
  limit.states.resize(1);
  limit.states[0].taken = 2;
  limit.states[0].waiters = std::move(waiters);
  limit.states[0].holders = {{"push", "an item", 1.0}};
  status.limits.push_back(limit);
  for (runtime::NodeStatus& one : status.nodes) one.limits = {"disk"};
  return status;
}

TEST(HeldBack, IsALimitForWhichSeveralNodesWait) {
  HeldBack held;
  held.note(pushes_at(0, 5), {});
  for (int i = 1; i <= 10; ++i) {
    Finding one = finding(i % 3 == 0 ? "build" : "push", "bound by limit disk");
    one.limits = {"disk"};
    if (i == 10) one.nodes = {"build", "push"};
    held.note(disk_is_full(i, {{"build", 1}, {"push", 5}}), {one});
  }
  EXPECT_EQ(sentences(held),
            Lines{"build and push held it back for 10.0s of 10.0s: bound by limit disk (2 slots); "
                  "at most 3 ran, and 5 waited at one of them"});
}

TEST(HeldBack, DoesNotNameWhoWaitedForASharedLimitForAMomentOnly) {
  HeldBack held;
  held.note(pushes_at(0, 5), {});
  for (const double seconds : {0.1, 10.0}) {
    Finding one = finding(seconds < 1 ? "build" : "push", "bound by limit disk");
    one.limits = {"disk"};
    held.note(disk_is_full(seconds, {{"push", 5}}), {one});
  }
  EXPECT_EQ(sentences(held),
            Lines{"push held it back for 10.0s of 10.0s: bound by limit disk (2 slots); at most 3 "
                  "ran, and 5 waited"});
}

TEST(HeldBack, LeavesOutWhatDidSoForAMomentOnly) {
  HeldBack held;
  held.note(pushes_at(0, 1), {});
  held.note(pushes_at(0.1, 1), {finding("build", "its commands")});
  held.note(pushes_at(10, 1), {finding("push", "limit 3")});
  ASSERT_EQ(held.all().size(), 1U);
  EXPECT_EQ(held.all()[0].nodes, Lines{"push"});
}

}  // namespace
}  // namespace weir::view
