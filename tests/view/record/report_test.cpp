#include "view/record/report.hpp"

#include <gtest/gtest.h>
#include <string>

#include "samples.hpp"

namespace weir::view::test {
namespace {

using Json = nlohmann::ordered_json;

TEST(Report, HasWhatThePageShows) {
  Recording of = one_second_each(4, 2);
  of.samples.push_back({0, {}, {{}, {}, {}}});
  of.samples.push_back({2 * kSecond, {}, {{4, 4, 0, 0, 0, 0, 0}, {4, 3, 1, 0, 0, 0, 0}, {}}});
  of.items[3].state = journal::State::failed;
  of.items[3].attempts[0].state = journal::State::failed;
  of.items[3].error = "no luck";
  of.items[3].status = 7;
  const Json report = report_json(of);
  EXPECT_EQ(report["mode"], "report");
  EXPECT_EQ(report["run"]["seconds"], 2.0);
  EXPECT_EQ(report["nodes"][1]["done"], 3);
  EXPECT_EQ(report["failures"][0]["item"], "item 4");
  EXPECT_EQ(report["failures"][0]["status"], 7);
  EXPECT_EQ(report["series"]["nodes"]["build"]["done"], (Json{0, 3}));
  EXPECT_EQ(report["bottleneck"]["node"], "build");
  EXPECT_EQ(report["why"], Json({report["bottleneck"]["text"]}));
  EXPECT_EQ(report["where"]["nodes"]["build"]["limit build"], 2.0);
  EXPECT_EQ(report["where"]["nodes"]["build"]["run"], 4.0);
  EXPECT_EQ(report["where"]["wall_seconds_of_items"], 6.0);
  EXPECT_EQ(report["slowest"][0]["seconds"], 2.0);
  EXPECT_EQ(report["slowest"][0]["parts"], (Json{{"limit build", 1.0}, {"run", 1.0}}));
  const Json& lane = report["timeline"]["lanes"][0];
  EXPECT_EQ(lane["node"], "build");
  EXPECT_EQ(lane["spans"][0], (Json{0.0, 1000.0, 0, "done"}));
  EXPECT_EQ(report["timeline"]["lanes"][1]["spans"][1][3], "failed");
  EXPECT_EQ(report["timeline"]["items"].size(), 4U);
}

TEST(Report, IsSmallForALargeRun) {
  const Recording of = one_second_each(100'000, 500);
  const Json report = report_json(of);
  std::size_t spans = 0;
  for (const Json& lane : report["timeline"]["lanes"]) spans += lane["spans"].size();
  EXPECT_LE(spans, 20'000U);
  EXPECT_LT(report.dump().size(), 5'000'000U);
}

TEST(Report, OfARunThatDidNothing) {
  const Json report = report_json(Recording());
  EXPECT_EQ(report["run"]["state"], "crashed");
  EXPECT_TRUE(report["slowest"].empty());
}

}  // namespace
}  // namespace weir::view::test
