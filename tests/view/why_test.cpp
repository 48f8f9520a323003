#include "view/why.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "status_samples.hpp"

namespace weir::view {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

/// in -> name
Status one_node(NodeStatus node) {
  Status status;
  status.threads = 2;
  node.reads = {"in"};
  status.nodes = {test::node("in", "source", "lines", "computes", {}), std::move(node)};
  status.nodes[0].in = status.nodes[0].done = 100;
  status.sources = {{"in", true, false, 10, 100, 65536, 16 << 20}};
  return status;
}

NodeStatus pushes(std::int64_t running, std::int64_t waiting) {
  NodeStatus push = runs("push", {});
  push.running = running;
  push.waiting = waiting;
  push.limits = {"registry"};
  return push;
}

LimitState waited_for(std::int64_t taken, std::int64_t waiting) {
  LimitState state;
  state.taken = state.running = taken;
  state.waiting = waiting;
  state.waiters = {{"push", waiting}};
  return state;
}

std::string first(const Status& status) { return why(status).front(); }

TEST(Why, NamesTheGatedReaderBeforeTheUnlimitedWriter) {
  EXPECT_EQ(why(images()),
            (Lines{"push: 3 of 3 running, 41 waiting, bound by limit registry (3 slots)",
                   "build: 20 running, nothing waits: bound by its commands (the longest: tools, "
                   "for 3m05s)"}));
}

TEST(Why, NamesWhatCommandsLackBeforeLimits) {
  Status status = images();
  at(status, "push").held_back = 2;
  EXPECT_EQ(first(status), "push: 3 of 3 running, 41 waiting, bound by limit registry (3 slots)");
  status.lacks = "no more descriptors (`ulimit -n` is 64)";
  EXPECT_EQ(first(status),
            "push: 3 of 3 running, 41 waiting, there is no room for more commands: no more "
            "descriptors (`ulimit -n` is 64)");
}

TEST(Why, NamesASlowWriterIfTheReaderIsIdle) {
  Status status = images();
  at(status, "push").running = at(status, "push").queued = 0;
  status.limits[0].states = {{}};
  EXPECT_EQ(why(status), (Lines{"build: 20 running, nothing waits: bound by its commands (the "
                                "longest: tools, for 3m05s)"}));
}

TEST(Why, NamesTheMostWorkIfNothingWaits) {
  Status status = images();
  at(status, "push").queued = 0;
  status.limits[0].states[0].waiters.clear();
  EXPECT_EQ(why(status),
            (Lines{"build: 20 running, nothing waits: bound by its commands (the longest: tools, "
                   "for 3m05s)",
                   "push: 3 of 3 running, nothing waits: bound by its commands (the longest: "
                   "nginx, for 31.0s)"}));
}

TEST(Why, NamesWhatIsFurthestDownstreamOfTwoThatPileUp) {
  Status status = images();
  NodeStatus& build = at(status, "build");
  build.limit = build.running = 2;
  build.waiting = 60;
  EXPECT_EQ(why(status),
            (Lines{"push: 3 of 3 running, 41 waiting, bound by limit registry (3 slots)",
                   "build: 2 of 2 running, 60 waiting, bound by its limit"}));
}

TEST(Why, NamesNoReaderThatKeepsUpBeforeAWriterWhereItPilesUp) {
  Status status = images();
  NodeStatus& build = at(status, "build");
  build.limit = build.running;
  build.waiting = 60;
  at(status, "push").queued = 1;
  EXPECT_EQ(why(status),
            (Lines{"build: 20 of 20 running, 60 waiting, bound by its limit",
                   "push: 3 of 3 running, 1 waiting, bound by limit registry (3 slots)"}));
}

TEST(Why, NamesOfTwoBranchesTheOneForWhichMoreWait) {
  Status status = images();
  NodeStatus sign = runs("sign", {"build"});
  sign.limit = sign.running = 1;
  sign.waiting = 60;
  status.nodes.push_back(sign);
  const Lines lines = why(status);
  EXPECT_EQ(lines[0], "sign: 1 of 1 running, 60 waiting, bound by its limit");
  EXPECT_EQ(lines[1], "push: 3 of 3 running, 41 waiting, bound by limit registry (3 slots)");
}

TEST(Why, DoesNotTakeWhatCameAtOnceForTheBottleneck) {
  // Ten at a time come through `up`, and are gone long before the next ten.
  Status status;
  status.seconds = 4.3;
  status.threads = 2;
  NodeStatus source = node("in", "source", "range", "computes", {});
  source.in = source.done = 100;
  NodeStatus up = runs("up", {"in"});
  up.in = 100;
  up.done = 40;
  up.limit = up.running = 10;
  up.waiting = 50;
  NodeStatus down = runs("down", {"up"});
  down.in = 40;
  down.done = 34;
  down.limit = down.running = 1;
  down.waiting = 5;
  status.nodes = {source, up, down};
  EXPECT_EQ(first(status), "up: 10 of 10 running, 50 waiting, bound by its limit");
  at(status, "down").waiting = 25;  // it can't follow
  at(status, "down").done = 14;
  EXPECT_EQ(first(status), "down: 1 of 1 running, 25 waiting, bound by its limit");
  at(status, "down").waiting = 5;
  at(status, "down").done = 34;
  at(status, "up").halted = true;  // whatever the numbers say
  EXPECT_EQ(first(status), "down: 1 of 1 running, 5 waiting, bound by its limit");
}

/// images -> build -> built -> push, which shares its limit with sign behind build.
Status two_that_share() {
  Status status = images();
  NodeStatus sign = runs("sign", {"build"});
  sign.limits = {"registry"};
  sign.running = 2;
  sign.waiting = 8;
  status.nodes.push_back(sign);
  LimitState& registry = status.limits[0].states[0];
  status.limits[0].slots = registry.taken = 6;
  registry.holders.push_back({"sign", "base", 2});
  registry.holders.push_back({"scan", "base", 1});
  registry.waiters.push_back({"sign", 8});
  return status;
}

TEST(Why, NamesNodesTogetherThatWaitForTheSameLimit) {
  EXPECT_EQ(first(two_that_share()),
            "push and sign: 5 running, 49 waiting (41 at push, 8 at sign), bound by limit registry "
            "(6 slots, 1 held by scan)");
  const std::vector<Finding> all = findings(two_that_share());
  EXPECT_EQ(all[0].nodes, (Lines{"push", "sign"}));
  EXPECT_EQ(all[0].reason, "bound by limit registry (6 slots, 1 held by scan)");
  EXPECT_EQ(all[1].nodes, Lines{"build"});
}

TEST(Why, NamesNodesApartThatWaitForOtherKeysOfALimit) {
  Status status = two_that_share();
  LimitStatus& registry = status.limits[0];
  registry.per = "${{ item.host }}";
  registry.slots = 1;
  LimitState of_push;
  of_push.key = "x";
  of_push.taken = of_push.running = 1;
  of_push.waiters = {{"push", 41}};
  LimitState of_sign = of_push;
  of_sign.key = "y";
  of_sign.waiters = {{"sign", 8}};
  registry.states = {of_push, of_sign};
  std::vector<Finding> all = findings(status);
  EXPECT_EQ(all[0].nodes, Lines{"push"});
  EXPECT_EQ(all[0].reason, "bound by limit registry for 'x' (1 slot)");
  EXPECT_EQ(all[1].nodes, Lines{"sign"});
  EXPECT_EQ(all[1].reason, "bound by limit registry for 'y' (1 slot)");
  registry.states[0].waiters.push_back({"sign", 1});
  all = findings(status);
  EXPECT_EQ(all[0].nodes, (Lines{"push", "sign"}));
}

TEST(Why, NamesANodeAloneThatAlsoWaitsForItsOwnLimit) {
  Status status = two_that_share();
  LimitStatus own = slots("sign", 2, {});
  own.is_own = true;
  own.states[0].taken = 2;
  own.states[0].waiters = {{"sign", 8}};
  status.limits.push_back(own);
  EXPECT_EQ(findings(status)[0].nodes, Lines{"push"});
}

TEST(Why, CallsAFunctionsOwnLimitItsLimit) {
  NodeStatus push = pushes(3, 5);
  push.limits.clear();
  push.limit = 3;
  Status status = one_node(push);
  LimitStatus own = slots("push", 3, waited_for(3, 5));
  own.is_own = true;
  status.limits = {own};
  EXPECT_EQ(first(status), "push: 3 of 3 running, 5 waiting, bound by its limit (3 slots)");
}

TEST(Why, SaysWhoElseHasTheSlots) {
  Status status = one_node(pushes(1, 5));
  status.limits = {slots("registry", 3, waited_for(3, 5))};
  status.limits[0].states[0].holders = {{"sign", "a", 9}, {"push", "b", 8}, {"sign", "c", 7}};
  EXPECT_EQ(first(status),
            "push: 1 running, 5 waiting, bound by limit registry (3 slots, 2 held by sign)");
}

TEST(Why, SaysHowLongAThrottlePauses) {
  Status status = one_node(pushes(0, 41));
  status.limits = {slots("registry", 3, waited_for(0, 41))};
  status.limits[0].states[0].paused_for = 21;
  EXPECT_EQ(first(status),
            "push: none of 3 running, 41 waiting, paused for 21.0s more by a throttle of limit "
            "registry");
  status.limits[0].is_own = true;
  status.limits[0].name = "push";
  status.nodes[1].limits.clear();
  EXPECT_EQ(first(status),
            "push: none of 3 running, 41 waiting, paused for 21.0s more by a throttle");
}

TEST(Why, SaysThatALimitIsSetToNothing) {
  Status status = one_node(pushes(0, 41));
  status.limits = {slots("registry", 0, waited_for(0, 41))};
  EXPECT_EQ(first(status), "push: none running, 41 waiting, paused: limit registry is set to 0");
}

TEST(Why, SaysWhenARateLetsTheNextOneStart) {
  Status status = one_node(pushes(2, 41));
  LimitStatus rate;
  rate.name = "registry";
  rate.interval = 0.1;
  rate.states = {waited_for(2, 41)};
  rate.states[0].next_start = 0.07;
  status.limits = {rate};
  EXPECT_EQ(first(status),
            "push: 2 running, 41 waiting, 10/s allowed by limit registry, next start in 70.0ms");
  status.limits[0].slots = 2;  // when a slot is free, that is: it is the slots that are missing
  EXPECT_EQ(first(status), "push: 2 of 2 running, 41 waiting, bound by limit registry (2 slots)");
}

TEST(Why, SaysThatMemoryIsTaken) {
  Status status = one_node(pushes(2, 4));
  LimitStatus machine;
  machine.name = "registry";
  machine.memory = std::int64_t{8} << 30;
  machine.states = {waited_for(2, 4)};
  machine.states[0].memory_taken = std::int64_t{13} << 29;
  status.limits = {machine};
  EXPECT_EQ(first(status),
            "push: 2 running, 4 waiting, bound by limit registry (6.5GiB of 8GiB of memory taken)");
}

TEST(Why, NamesKeysThatAreHeldAlikeTogether) {
  Status status = one_node(pushes(4, 9));
  LimitStatus network = slots("registry", 2, waited_for(2, 3));
  network.per = "${{ item.host }}";
  network.states = {waited_for(2, 3), waited_for(2, 6)};
  network.states[0].key = "a\x1b[31m";
  network.states[1].key = "b";
  status.limits = {network};
  EXPECT_EQ(first(status),
            "push: 4 running, 9 waiting, bound by limit registry for 'a\\x1b[31m' and 1 more (2 "
            "slots each)");
}

TEST(Why, NamesEachLimitThatHasNoRoom) {
  NodeStatus push = pushes(3, 5);
  push.limits = {"registry", "network"};
  Status status = one_node(push);
  status.limits = {slots("registry", 3, waited_for(3, 5)), slots("network", 3, waited_for(3, 5))};
  EXPECT_EQ(first(status),
            "push: 3 of 3 running, 5 waiting, bound by limit registry (3 slots) and bound by limit "
            "network (3 slots)");
}

TEST(Why, SaysThatItsTurnHasNotCome) {
  Status status = one_node(pushes(1, 5));
  status.limits = {slots("registry", 3, waited_for(2, 5))};
  EXPECT_EQ(first(status),
            "push: 1 running, 5 waiting, in line at limit registry (2 of 3 slots taken)");
}

TEST(Why, SaysWhenTheNextAttemptIs) {
  NodeStatus push = runs("push", {});
  push.backing_off = 5;
  push.next_attempt = 12;
  EXPECT_EQ(why(one_node(push)), Lines{"push: 5 items wait 12.0s for their next attempt"});
  push.backing_off = 1;
  push.running = 1;
  EXPECT_EQ(why(one_node(push)), (Lines{"push: 1 running, nothing waits: bound by its command",
                                        "push: 1 item waits 12.0s for its next attempt"}));
}

TEST(Why, NamesTheCpuIfAllWorkersAreBusy) {
  NodeStatus count = node("count", "function", "sum", "computes", {});
  count.running = 2;
  count.waiting = 300;
  Status status = one_node(count);
  status.sources[0] = {"in", false, true, 65536, 1000, 65536, 16 << 20};
  EXPECT_EQ(why(status),
            (Lines{"count: 300 waiting, computes: the CPU is the bound (2 running, all "
                   "2 workers are busy)",
                   "in: the source is held back, 65536 items in flight"}));
  status.nodes[1].waiting = 0;
  EXPECT_EQ(first(status),
            "count: computes: the CPU is the bound (2 running, all 2 workers are busy)");
}

TEST(Why, NamesTheLimitOfWhatComputesOneAtATime) {
  NodeStatus count = node("count", "function", "sum", "computes", {});
  count.limit = count.running = 1;
  count.waiting = 300;
  EXPECT_EQ(first(one_node(count)), "count: 1 of 1 running, 300 waiting, bound by its limit");
}

TEST(Why, NamesASourceWhoseItemsAreBegunAtOnce) {
  NodeStatus build = runs("build", {});
  build.running = 1;
  build.items = {{"tools", "", 7, 60, 1, ""}};
  Status status = one_node(build);
  status.sources[0].ended = false;
  EXPECT_EQ(why(status),
            (Lines{"in: the source is the bound: of the 100 items so far all have been begun",
                   "build: 1 running, nothing waits: bound by its command (tools, for 1m00s)"}));
}

TEST(Why, NamesFullQueuesAndHeldSourcesBehindTheirCause) {
  Status status = images();
  at(status, "built").capacity = 41;
  status.sources[0].ended = false;
  status.sources[0].held_back = true;
  status.sources[0].items_in_flight = 64;
  status.sources[0].bytes_in_flight = 16 << 20;
  const Lines lines = why(status);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(lines[0].starts_with("push: "));
  EXPECT_TRUE(lines[1].starts_with("build: "));
  EXPECT_EQ(lines[2], "built: full, 41 items: what gives to it is held back");
  EXPECT_EQ(lines[3], "images: the source is held back, 16MiB of 64 items in flight");
}

/// It stands in line at a limit that it shares, but that is not what it waits for.
TEST(Why, NamesFullQueuesBeforeTheLimitsOfAHaltedFunction) {
  Status status = images();
  NodeStatus& build = at(status, "build");
  build.limits = {"machine"};
  build.halted = true;
  build.running = 0;
  build.waiting = 5;
  const Lines lines = why(status);
  EXPECT_NE(std::find(lines.begin(), lines.end(),
                      "build: none running, 5 waiting, held back by a full queue"),
            lines.end())
      << lines[0];
}

TEST(Why, NamesTheNodeThatKeepsAllThatMayBeInFlight) {
  NodeStatus sort = node("sort", "function", "sort", "computes", {});
  sort.in = 65536;
  Status status = one_node(sort);
  status.sources[0] = {"in", false, true, 65536, 1000, 65536, 16 << 20};
  EXPECT_EQ(why(status),
            Lines{"in: the source is held back, 65536 items in flight, and nothing is under way: "
                  "sort keeps them, and waits for more; raise the source's max_in_flight"});
}

TEST(Why, SaysWhatAStoppedRunWaitsFor) {
  Status status = images();
  status.stopping = true;
  EXPECT_EQ(why(status), (Lines{"weir is stopping: waits for 20 items of build, 3 items of push",
                                "build: tools runs for 3m05s", "push: nginx runs for 31.0s"}));
  status.cut_off = true;
  EXPECT_EQ(first(status),
            "weir is stopping and has told all commands to end: waits for 20 items of build, 3 "
            "items of push");
  for (NodeStatus& node : status.nodes) node.running = 0;
  status.cut_off = false;
  EXPECT_EQ(why(status), Lines{"weir is stopping: waits for nodes to finish"});
}

TEST(Why, SaysThatNothingIsUnderWay) {
  EXPECT_EQ(why(one_node(runs("push", {}))),
            Lines{"nothing is under way: nodes finish, and the run ends"});
  EXPECT_EQ(why({}), Lines{"nothing is under way: nodes finish, and the run ends"});
}

TEST(Why, ShowsItemsHarmlessAndShort) {
  NodeStatus build = runs("build", {});
  build.running = 1;
  build.items = {{"\x1b[31m\n" + std::string(100, 'x'), "", 7, 1, 1, ""}};
  EXPECT_EQ(first(one_node(build)),
            "build: 1 running, nothing waits: bound by its command (\\x1b[31m\\n" +
                std::string(54, 'x') + "…, for 1.0s)");
}

TEST(Why, SurvivesNamesThatAreNotThere) {
  Status status = images();
  status.nodes[1].reads = {"nobody", "push", "build"};
  status.sources.push_back({"nobody", false, true, 0, 0, 0, 0});
  EXPECT_FALSE(why(status).empty());
}

}  // namespace
}  // namespace weir::view
