#include "view/terminal/heartbeat.hpp"

#include <gtest/gtest.h>

#include "../status_samples.hpp"

namespace weir::view {
namespace {

using std::chrono::seconds;

TEST(Heartbeat, BeatsWhenNothingHasBeenWrittenForTenSeconds) {
  Heartbeat::Point now{seconds(100)};
  Heartbeat heartbeat(now);
  std::string beats;
  for (int second = 1; second <= 45; ++second) {
    now += seconds(1);
    const std::uint64_t writes = second < 15 ? 0 : 1;  // the one at 15 s puts it off
    if (heartbeat.is_due(now, writes)) beats += std::to_string(second) + " ";
  }
  EXPECT_EQ(beats, "10 25 35 45 ");
}

TEST(Heartbeat, SaysWhatRunsWhatWaitsAndWhy) {
  EXPECT_EQ(heartbeat_line(test::images()),
            "weir: 3m12s, build: 20 running, 2 failed; push: 3 running, 41 waiting; the "
            "bottleneck: push, bound by limit registry (3 slots)\n");
}

TEST(Heartbeat, DoesNotCallABottleneckWhatFollowsFromSomethingElse) {
  // All that can be seen is a full queue.
  runtime::Status status;
  runtime::NodeStatus queue = test::node("built", "queue", "fifo", "", {});
  queue.capacity = queue.waiting = 4;
  status.nodes = {queue};
  EXPECT_EQ(heartbeat_line(status),
            "weir: 0.0ms; built, full, 4 items: what gives to it is held back\n");
}

TEST(Heartbeat, OfAStoppingRunSaysWhatItWaitsFor) {
  runtime::Status status = test::images();
  status.stopping = true;
  EXPECT_NE(heartbeat_line(status).find("waits for 20 items of build, 3 items of push"),
            std::string::npos)
      << heartbeat_line(status);
}

}  // namespace
}  // namespace weir::view
