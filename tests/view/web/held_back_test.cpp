#include "view/web/held_back.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

runtime::Status status_at(double seconds, std::int64_t pushes_waiting) {
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
  return {node, "text", reason, is_bottleneck};
}

TEST(HeldBack, IsWhatWasFirstForTheLongestTime) {
  HeldBack held;
  held.note(status_at(0, 1), {});
  held.note(status_at(2, 1), {finding("build", "bound by its commands")});
  held.note(status_at(5, 41), {finding("push", "limit 3"), finding("build", "its commands")});
  held.note(status_at(10, 2), {finding("push", "limit 4")});
  const std::vector<HeldBack::Held> all = held.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].node, "push");
  EXPECT_EQ(all[0].text,
            "push held it back for 8.0s of 10.0s: limit 3; at most 3 ran, and 41 waited");
  EXPECT_EQ(all[1].text, "build held it back for 2.0s of 10.0s: bound by its commands");
}

TEST(HeldBack, IsNobodyWhereNothingWasSeen) {
  HeldBack held;
  EXPECT_TRUE(held.all().empty());
  held.note(status_at(0, 1), {});
  held.note(status_at(9, 1), {finding("build", "held back by a full queue", false)});
  EXPECT_TRUE(held.all().empty());
}

TEST(HeldBack, IsSaidOfWhatWasSeenOnce) {
  HeldBack held;
  held.note(status_at(0.2, 5), {finding("push", "limit 3")});
  ASSERT_EQ(held.all().size(), 1U);
  EXPECT_EQ(held.all()[0].text, "push held it back: limit 3; at most 3 ran, and 5 waited");
}

TEST(HeldBack, IsALimitForWhichSeveralNodesWait) {
  HeldBack held;
  held.note(status_at(0, 5), {});
  for (int i = 1; i <= 10; ++i) {
    runtime::Status status = status_at(i, 5);
    const char* const node = i % 3 == 0 ? "build" : "push";
    runtime::LimitStatus limit;
    limit.name = "disk";
    limit.slots = 2;
    limit.states.resize(1);
    limit.states[0].taken = 2;
    limit.states[0].waiters = {{"build", 1}, {"push", 5}};
    limit.states[0].holders = {{"push", "an item", 1.0}};
    status.limits.push_back(limit);
    for (runtime::NodeStatus& one : status.nodes) one.limits = {"disk"};
    held.note(status, {finding(node, "bound by limit disk (2 slots, 1 held by push)")});
  }
  ASSERT_EQ(held.all().size(), 1U);
  EXPECT_EQ(held.all()[0].node, "push");
  EXPECT_EQ(held.all()[0].text,
            "push and build held it back for 10.0s of 10.0s: bound by limit disk (2 slots); at "
            "most 3 ran, and 5 waited at one of them");
}

TEST(HeldBack, LeavesOutWhatDidSoForAMomentOnly) {
  HeldBack held;
  held.note(status_at(0, 1), {});
  held.note(status_at(0.1, 1), {finding("build", "its commands")});
  held.note(status_at(10, 1), {finding("push", "limit 3")});
  ASSERT_EQ(held.all().size(), 1U);
  EXPECT_EQ(held.all()[0].node, "push");
}

}  // namespace
}  // namespace weir::view
