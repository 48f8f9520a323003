#include "view/status.hpp"

#include <gtest/gtest.h>

#include "status_samples.hpp"

namespace weir::view {
namespace {

using namespace test;

TEST(StatusText, ShowsNodesItemsAndLimits) {
  EXPECT_EQ(status_text(images()), R"(20261125-015240-images: running for 3m12s
node    running  waiting  backing off     done  failed
images        -        -            -  100/100       -
build        20        0            0   78/100       2
built         -       41            -    37/78       -
push          3       41            0    34/78       0
sources:
  images  has ended  64 of 65536 items in flight  640B of 16MiB
in work, the oldest first:
  build  3m05s  #7              tools
         2.5s   #80  attempt 3  base
                                and 18 more
  push   31.0s  #35             nginx
                                and 2 more
limits:
  registry  3 of 3 slots
      held by push nginx (31.0s), push redis (20.1s), push base (3.0s)
      waiting: 41 of push
)");
}

TEST(StatusText, ShowsOwnLimitsCapacitiesAndWhatWasCancelled) {
  Status status = images();
  status.stopping = true;
  status.limits.clear();
  status.sources.clear();
  at(status, "built").capacity = 50;
  at(status, "push").limit = 3;
  at(status, "push").cancelled = 2;
  for (NodeStatus& node : status.nodes) node.items.clear();
  EXPECT_EQ(status_text(status), R"(20261125-015240-images: stopping for 3m12s
node    running  waiting  backing off     done  failed  cancelled
images        -        -            -  100/100       -          -
build        20        0            0   78/100       2          0
built         -    41/50            -    37/78       -          0
push        3/3       41            0    34/78       0          2
)");
}

TEST(StatusText, ShowsNothingInFlightOfASourceThatHasEnded) {
  Status status = images();
  status.sources[0].items_in_flight = 0;
  EXPECT_NE(status_text(status).find("\n  images  has ended\n"), std::string::npos)
      << status_text(status);
}

TEST(StatusText, SaysOfWhatWaitsAtALimitThatAFullQueueHoldsItBack) {
  Status status = images();
  at(status, "push").halted = true;
  EXPECT_NE(limits_table(status).find("waiting: 41 of push (held back by a full queue)\n"),
            std::string::npos)
      << limits_table(status);
}

TEST(StatusText, ShowsWhatCommandsLack) {
  Status status = images();
  status.lacks = "no more descriptors (`ulimit -n` is 64)";
  EXPECT_NE(
      status_text(status).find("\nno room for more commands: no more descriptors (`ulimit -n` is "
                               "64)\nsources:\n"),
      std::string::npos)
      << status_text(status);
}

TEST(StatusText, ShowsItemsHarmless) {
  Status status = images();
  at(status, "push").items[0].text = "\x1b[31m\nnginx";
  EXPECT_NE(status_text(status).find("\\x1b[31m\\nnginx\n"), std::string::npos);
}

TEST(LimitsTable, ShowsRatesMemoryKeysAndPauses) {
  Status status;
  LimitStatus network = slots("network", 8, {});
  network.interval = 0.1;
  network.per = "${{ item.host }}";
  network.states[0].key = "a.example";
  network.states[0].next_start = 0.07;
  network.states.push_back({});
  network.states[1].key = "b\x1b";
  network.states[1].paused_for = 21;
  network.states[1].taken = network.states[1].running = 8;
  network.states[1].holders = {{"push", "x", 1}};
  LimitStatus machine;
  machine.name = "machine";
  machine.memory = std::int64_t{8} << 30;
  machine.states = {{}};
  machine.states[0].memory_taken = std::int64_t{13} << 29;
  machine.states[0].waiters = {{"build", 4}, {"test", 1}};
  LimitStatus idle = slots("idle", 2, {});
  idle.per = "${{ item }}";
  idle.states.clear();
  status.limits = {network, machine, idle, slots("one", 0, {})};
  EXPECT_EQ(limits_table(status), R"(limits:
  network  'a.example'      0 of 8 slots  10/s                  next start in 70.0ms
  network  'b\x1b'          8 of 8 slots  10/s                  paused for 21.0s
      held by push x (1.0s) and 7 more
  machine                                       6.5GiB of 8GiB
      waiting: 4 of build, 1 of test
  idle     per ${{ item }}  0 of 2 slots
  one                       0 of 0 slots                        paused
)");
  EXPECT_EQ(limits_table({}), "");
}

}  // namespace
}  // namespace weir::view
