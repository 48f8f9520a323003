#include "view/web/event.hpp"

#include <gtest/gtest.h>

#include "view/web/page.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;
using runtime::Status;

Status status_at(double seconds, std::int64_t done = 0) {
  Status status;
  status.pipeline = "images";
  status.seconds = seconds;
  runtime::NodeStatus push;
  push.name = "push";
  push.kind = "function";
  push.work = "waits";
  push.in = done + 2;
  push.done = done;
  push.running = 2;
  status.nodes.push_back(push);
  return status;
}

TEST(Event, HasTheGraphAndTheWholeSeriesOnlyAtFirst) {
  Series series;
  for (int i = 0; i < 5; ++i) series.add(status_at(i));
  const Json graph = {{"nodes", Json::array()}};
  EventExtras extras;
  extras.series = &series;
  extras.graph = &graph;
  const Json first = Json::parse(event_json(status_at(5), extras));
  EXPECT_EQ(first["graph"], graph);
  EXPECT_EQ(first["series"]["nodes"]["push"]["running"].size(), 5U);
  extras.graph = nullptr;
  const Json later = Json::parse(event_json(status_at(5), extras));
  EXPECT_FALSE(later.contains("graph"));
  EXPECT_FALSE(later.contains("series"));
  EXPECT_EQ(later["point"]["t"], 4);
  EXPECT_EQ(later["run"]["state"], "running");
}

TEST(Event, IsOneLineOfUtf8WhateverItemsAreCalled) {
  Status status = status_at(1);
  runtime::ItemStatus item;
  item.text = "a\nb\xFF</script>";
  status.nodes[0].items.push_back(item);
  status.nodes[0].name = "push\n\xFF";
  const std::string text = event_json(status, {});
  EXPECT_EQ(text.find('\n'), text.npos);
  const Json json = Json::parse(text);
  EXPECT_EQ(json["running"][0]["item"], "a\\nb\\xff</script>");
}

TEST(Event, SaysHowARunEnded) {
  EventExtras extras;
  extras.outcome = "failed";
  extras.exit_code = 1;
  const Json json = Json::parse(event_json(status_at(1), extras));
  EXPECT_EQ(json["run"]["state"], "failed");
  EXPECT_EQ(json["run"]["exit_code"], 1);
  EXPECT_EQ(json["running"], Json::array());
  EXPECT_EQ(json["why"], Json::array());
}

TEST(Event, HasTheFailuresOnlyWhereTheyAreGiven) {
  EventExtras extras;
  extras.failures_total = 3;
  Json json = Json::parse(event_json(status_at(1), extras));
  EXPECT_EQ(json["failures_total"], 3);
  EXPECT_FALSE(json.contains("failures"));
  const RecentFailures failures;
  extras.failures = &failures;
  json = Json::parse(event_json(status_at(1), extras));
  EXPECT_EQ(json["failures"], Json::array());
}

TEST(Event, SaysHowFastItGoesOnWhileItDoes) {
  NodeRates rates;
  for (int i = 0; i < 20; ++i) rates.note(status_at(i, i * 4));
  EventExtras extras;
  EXPECT_FALSE(Json::parse(event_json(status_at(20), extras))["nodes"][0].contains("rate"));
  extras.rates = &rates;
  Json json = Json::parse(event_json(status_at(20, 80), extras));
  EXPECT_EQ(json["nodes"][0]["rate"], 4);
  EXPECT_EQ(json["run"]["left"], 0.5);
  extras.outcome = "done";
  json = Json::parse(event_json(status_at(20, 80), extras));
  EXPECT_FALSE(json["nodes"][0].contains("rate"));
  EXPECT_FALSE(json["run"].contains("left"));
}

TEST(Event, NamesTheBottleneck) {
  const Json json = Json::parse(event_json(status_at(1), {}));
  EXPECT_EQ(json["bottleneck"]["node"], "push");
  EXPECT_EQ(json["bottleneck"]["nodes"], Json({"push"}));
  EXPECT_EQ(json["bottleneck"]["names"], "push");
  EXPECT_EQ(json["bottleneck"]["text"], json["why"][0]);
}

TEST(RecentFailures, KeepsTheNewestWithTheirOutput) {
  RecentFailures failures;
  for (int i = 0; i < 60; ++i) {
    const Failure failure{"`x` exited with status 1", "x", 1, "one\ntwo\n"};
    runtime::ItemEnd end;
    end.node = "push";
    const std::string item = "item " + std::to_string(i);
    end.item = item;
    end.number = i;
    end.failure = &failure;
    failures.item_ended(end);
  }
  const Json json = failures.json();
  ASSERT_EQ(json.size(), RecentFailures::kMost);
  EXPECT_EQ(failures.total(), 60);
  EXPECT_EQ(json[0]["item"], "item 59");
  EXPECT_EQ(json[0]["number"], 59);
  EXPECT_EQ(json[0]["tail"], (Json{"one", "two"}));
  EXPECT_EQ(failures.number_of("push", "item 59"), 59);
  EXPECT_EQ(failures.number_of("push", "item 1"), std::nullopt);
  EXPECT_EQ(failures.number_of("build", "item 59"), std::nullopt);
}

TEST(Series, HalvesItselfWhenItIsFull) {
  Series series(1, 8);
  for (int i = 0; i < 33; ++i) series.add(status_at(i, i));
  const Json json = series.json();
  EXPECT_EQ(json["step"], 8);
  EXPECT_EQ(json["nodes"]["push"]["done"], (Json{0, 8, 16, 24, 32}));
}

TEST(Series, FillsWhatItMissed) {
  Series series;
  series.add(status_at(0, 1));
  series.add(status_at(0.5, 2));
  series.add(status_at(3.2, 3));
  EXPECT_EQ(series.json()["nodes"]["push"]["done"], (Json{1, 3, 3, 3}));
  for (int i = 0; i < 3; ++i) series.add(status_at(1e9, 4));
  EXPECT_LE(series.json()["nodes"]["push"]["done"].size(), Series::kMostPoints);
}

TEST(Series, CountsWhatLiesInAQueueAtItsReader) {
  Status status = status_at(0);
  status.nodes[0].waiting = 1;
  status.nodes[0].queued = 39;
  Series series;
  series.add(status);
  EXPECT_EQ(series.newest()["nodes"]["push"]["waiting"], 40);
}

TEST(Page, IsPartOfTheProgram) {
  EXPECT_NE(page_html().find("<script src=\"/page.js\""), std::string_view::npos);
  EXPECT_NE(page_js().find("EventSource('/events')"), std::string_view::npos);
  EXPECT_NE(page_css().find("body"), std::string_view::npos);
}

}  // namespace
}  // namespace weir::view
