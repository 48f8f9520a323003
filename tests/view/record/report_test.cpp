#include "view/record/report.hpp"

#include <gtest/gtest.h>
#include <string>

#include "samples.hpp"
#include "view/web/page.hpp"

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

TEST(Report, CutsAnErrorWhereItSaysLeast) {
  Recording of = one_second_each(1, 1);
  of.items[0].state = journal::State::failed;
  of.items[0].error = "`" + std::string(1000, 'x') + "` exited with status 1";
  const auto error = report_json(of)["failures"][0]["error"].get<std::string>();
  EXPECT_LT(error.size(), 410U);
  EXPECT_TRUE(error.ends_with("` exited with status 1")) << error;
}

TEST(Report, TellsTheMostThatRanAndWaitedThoughNoSampleHasIt) {
  Recording of = recording(0, 0);
  of.state = "crashed";
  for (int i = 0; i < 5; ++i) add(of, 1, 0.1, 0.15, 0.2);
  sample(of, 0, {}, {});
  sample(of, 0.25, {5, 5, 0, 0, 0, 0, 0}, {});
  Json node = report_json(of)["nodes"][1];
  EXPECT_EQ(node["peak_running"], 5);
  EXPECT_EQ(node["peak_waiting"], 5);
  of.summary["build"] = {5, 5, 0, 0, 1.0, 7, 8};
  node = report_json(of)["nodes"][1];
  EXPECT_EQ(node["peak_running"], 7);
  EXPECT_EQ(node["peak_waiting"], 8);
}

TEST(Report, HasInItsSeriesWhatWasNearest) {
  Recording of = recording(0, 0);
  sample(of, 0, {30, 0, 0, 0, 30, 0, 0}, {});
  sample(of, 0.253, {30, 0, 0, 30, 0, 0, 0}, {});
  sample(of, 0.496, {30, 30, 0, 0, 0, 0, 0}, {});
  EXPECT_EQ(report_json(of)["series"]["nodes"]["build"]["running"], (Json{0, 30, 0}));
}

TEST(Report, IsSmallForALargeRun) {
  const Recording of = one_second_each(100'000, 500);
  const Json report = report_json(of);
  std::size_t spans = 0;
  for (const Json& lane : report["timeline"]["lanes"]) spans += lane["spans"].size();
  EXPECT_LE(spans, 20'000U);
  EXPECT_LT(report.dump().size(), 5'000'000U);
}

TEST(Report, ShowsEveryFailureHoweverShort) {
  constexpr int kItems = 40'000;
  constexpr int kEvery = 500;  // one in so many fails
  Recording of = recording(1, 0);
  for (int i = 0; i < kItems; ++i) {
    Recording::Item& item = of.items[add(of, 1, 0, i * 0.001, i * 0.001 + 0.0009)];
    if (i % kEvery != 7) continue;
    item.state = item.attempts[0].state = journal::State::failed;
  }
  const Json timeline = report_json(of)["timeline"];
  int attempts = 0;
  int failed = 0;
  for (const Json& span : timeline["lanes"][0]["spans"]) {
    const bool is_many = span.size() > 4;
    EXPECT_EQ(is_many, span[2] == -1);
    attempts += is_many ? span[4].get<int>() : 1;
    if (span[3] != "failed") continue;
    failed += is_many ? span[5].get<int>() : 1;
    EXPECT_LE(span[1], 40'000 / 4'000) << "what went well is not to look as if it had failed";
  }
  EXPECT_EQ(attempts, kItems);
  EXPECT_EQ(failed, kItems / kEvery);
}

TEST(Report, DrawsAttemptsInTheKindsThatThePageKnows) {
  Recording of = one_second_each(4, 1);
  of.items[1].attempts[0].state = journal::State::failed;
  of.items[2].attempts[0].state = journal::State::cancelled;
  of.items[3].attempts[0].cut_off = true;
  Json kinds = Json::array();
  const Json timeline = report_json(of)["timeline"];
  for (const Json& span : timeline["lanes"][0]["spans"]) {
    kinds.push_back(span[3]);
    EXPECT_NE(page_js().find("\n  " + span[3].get<std::string>() + ": {colour: "),
              std::string_view::npos)
        << span[3];
  }
  EXPECT_EQ(kinds, (Json{"done", "failed", "cancelled", "running"}));
}

TEST(Report, OfARunThatDidNothing) {
  const Json report = report_json(Recording());
  EXPECT_EQ(report["run"]["state"], "crashed");
  EXPECT_TRUE(report["slowest"].empty());
}

}  // namespace
}  // namespace weir::view::test
