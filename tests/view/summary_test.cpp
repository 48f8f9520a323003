#include "view/summary.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace weir::view {
namespace {

RunSummary images_summary() {
  RunSummary summary;
  summary.pipeline = "images";
  summary.outcome = RunOutcome::failed;
  summary.exit_code = 1;
  summary.seconds = 12.34;
  NodeSummary source{"images", "source", "lines", 0, {}};
  source.counts.in = source.counts.out = source.counts.done = 100;
  source.counts.batches = 8;
  NodeSummary queue{"built", "queue", "fifo", 0, {}};
  queue.counts.in = queue.counts.out = queue.counts.done = 100;
  queue.counts.peak_waiting = 97;
  NodeSummary push{"push", "function", "run", 3, {}};
  push.counts = {100, 99, 99, 1, 0, 0, 3, 97, 36.0, 100};
  summary.nodes = {source, queue, push};
  return summary;
}

TEST(SummaryTable, HasALineForEachNodeAndOneForTheRun) {
  EXPECT_EQ(summary_table(images_summary()),
            "node     in  done  failed  peak running  peak waiting  busy time  batch\n"
            "images  100   100       -             -             -          -     12\n"
            "built   100   100       -             -            97          -      -\n"
            "push    100    99       1             3            97      36.0s      1\n"
            "images: failed in 12.3s, 1 failed\n");
}

TEST(SummaryTable, LeavesOutColumnsWhereThereIsNoRoomForThem) {
  EXPECT_EQ(summary_table(images_summary(), 60),
            "node     in  done  failed  peak running  peak waiting\n"
            "images  100   100       -             -             -\n"
            "built   100   100       -             -            97\n"
            "push    100    99       1             3            97\n"
            "images: failed in 12.3s, 1 failed\n");
  EXPECT_EQ(summary_table(images_summary(), 10),
            "node     in  done  failed\n"
            "images  100   100       -\n"
            "built   100   100       -\n"
            "push    100    99       1\n"
            "images: failed in 12.3s, 1 failed\n");
}

TEST(SummaryTable, SaysWhyWeirCouldNotDoItsWork) {
  RunSummary summary;
  summary.pipeline = "x";
  summary.outcome = RunOutcome::error;
  summary.errors = {"sink: the disk\nis full"};
  EXPECT_EQ(summary_table(summary),
            "node  in  done  failed  peak running  peak waiting  busy time  batch\n"
            "x: error in 0.0ms\n"
            "weir: error: sink: the disk\\nis full\n");
}

TEST(SummaryJson, HasEveryFieldOfEveryNode) {
  const nlohmann::json json = nlohmann::json::parse(summary_json(images_summary()));
  EXPECT_EQ(json["weir"], 1);
  EXPECT_EQ(json["pipeline"], "images");
  EXPECT_EQ(json["outcome"], "failed");
  EXPECT_EQ(json["exit_code"], 1);
  EXPECT_EQ(json["seconds"], 12.34);
  EXPECT_TRUE(json["nodes"]["images"]["limit"].is_null());
  const nlohmann::json expected = {
      {"kind", "function"}, {"type", "run"},     {"limit", 3},         {"in", 100},
      {"out", 99},          {"done", 99},        {"failed", 1},        {"cancelled", 0},
      {"retried", 0},       {"peak_running", 3}, {"peak_waiting", 97}, {"busy_seconds", 36.0},
      {"batches", 100}};
  EXPECT_EQ(json["nodes"]["push"], expected);
}

}  // namespace
}  // namespace weir::view
