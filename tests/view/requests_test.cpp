#include "view/requests.hpp"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "status_samples.hpp"
#include "view/status_json.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

/// A run whose limits can be set.
struct FakeRun final : RunControl {
  runtime::Status status() override { return now; }
  std::string set_slots(const std::string& limit, std::int64_t slots) override {
    set[limit] = slots;
    return refusal;
  }

  runtime::Status now = test::images();
  std::map<std::string, std::int64_t> set;
  std::string refusal;
};

std::string error_of(const std::string& request, FakeRun&& run = {}) {
  const Json reply = Json::parse(answer(request, run));
  EXPECT_TRUE(run.set.empty());
  return reply.at("error").get<std::string>();
}

TEST(StatusJson, GoesThereAndBackWithEveryField) {
  runtime::Status status = test::images();
  status.stopping = status.cut_off = true;
  test::at(status, "push").next_attempt = 1.5;
  test::at(status, "push").limit = 4;
  test::at(status, "built").capacity = 100;
  test::at(status, "build").halted = true;
  status.limits[0].interval = 0.1;
  status.limits[0].memory = 1024;
  status.limits[0].states[0].paused_for = 3;
  status.limits[0].states[0].next_start = 4;
  const Json json = to_json(status);
  EXPECT_EQ(to_json(status_of_json(json)), json);
  EXPECT_EQ(json["weir"], 1);
  EXPECT_EQ(json["state"], "ending");
  EXPECT_EQ(json["nodes"][1]["halted"], true);
  EXPECT_EQ(json["nodes"][3]["halted"], false);
  EXPECT_EQ(json["nodes"][3]["queued"], 41);
  EXPECT_TRUE(json["nodes"][1]["limit"].is_null());
  EXPECT_EQ(json["nodes"][1]["items"][1], (Json{{"text", "base"},
                                                {"key", "cd34"},
                                                {"number", 80},
                                                {"seconds", 2.5},
                                                {"attempt", 3},
                                                {"last_line", ""}}));
  EXPECT_EQ(json["limits"][0]["states"][0]["waiters"], (Json{{{"node", "push"}, {"items", 41}}}));
}

TEST(StatusJson, ThatLacksSomethingIsRefused) {
  Json json = to_json(test::images());
  json["nodes"][1].erase("running");
  EXPECT_THROW(status_of_json(json), nlohmann::json::exception);
  EXPECT_THROW(status_of_json(Json::array()), nlohmann::json::exception);
  json = to_json(test::images());
  json["nodes"] = "many";
  EXPECT_THROW(status_of_json(json), nlohmann::json::exception);
}

TEST(Requests, AreAnsweredWithTheStatus) {
  FakeRun run;
  const std::string reply = answer(status_request(), run);
  EXPECT_EQ(reply.find('\n'), std::string::npos);
  EXPECT_EQ(to_json(read_status_reply(reply)), to_json(run.now));
}

TEST(Requests, SurviveItemsThatAreNotUtf8) {
  FakeRun run;
  test::at(run.now, "push").items[0].text = "\xff\n";
  EXPECT_EQ(
      test::at(run.now = read_status_reply(answer(status_request(), run)), "push").items[0].text,
      "\uFFFD\n");
}

TEST(Requests, SetLimits) {
  FakeRun run;
  run.now.limits.push_back(test::slots("build", 7, {}));
  const std::string reply = answer(R"({"do": "limit", "set": {"registry": 5, "build": 0}})", run);
  EXPECT_EQ(reply, R"({"ok":true,"limits":[{"name":"registry","slots":5,"before":3},)"
                   R"({"name":"build","slots":0,"before":7}]})");
  EXPECT_EQ(run.set, (std::map<std::string, std::int64_t>{{"registry", 5}, {"build", 0}}));
  const std::vector<LimitChange> changes = read_limit_reply(reply);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].before, 3);
  EXPECT_EQ(changes[1].limit, "build");
  EXPECT_EQ(limit_request(changes), R"({"do":"limit","set":{"registry":5,"build":0}})");
}

TEST(Requests, SayWhichLimitsThereAre) {
  const std::string known = "the limits with slots are registry (3)";
  EXPECT_EQ(error_of(R"({"do":"limit","set":{"registry":5,"registri":5}})"),
            "there is no limit 'registri'; did you mean 'registry'?; " + known);
  EXPECT_EQ(error_of(R"({"do":"limit","set":{"build":5}})"),
            "node 'build' has no limit of its own; " + known);
  FakeRun run;
  run.now.limits[0].slots.reset();
  EXPECT_EQ(error_of(R"({"do":"limit","set":{"registry":5}})", std::move(run)),
            "limit 'registry' has no slots that could be set; this run has no limit with slots");
}

TEST(Requests, ThatMakeNoSenseAreRefused) {
  EXPECT_EQ(error_of(""), "a request is a JSON object on a line");
  EXPECT_EQ(error_of("[1]"), "a request is a JSON object on a line");
  EXPECT_EQ(error_of("{}"), R"(a request has to have "do": "status" or "limit")");
  EXPECT_EQ(error_of(R"({"do": 1})"), R"(a request has to have "do": "status" or "limit")");
  EXPECT_EQ(error_of(R"({"do":"status","set":{}})"), "unknown key 'set' in the request");
  EXPECT_EQ(error_of(R"({"do":"limit"})"), "'set' has to be an object of limits and their slots");
  EXPECT_EQ(error_of(R"({"do":"limit","set":{}})"),
            "'set' has to be an object of limits and their slots");
  for (const std::string slots : {"-1", "1.5", "\"1\"", "null", "18446744073709551615"}) {
    EXPECT_EQ(error_of(R"({"do":"limit","set":{"registry":)" + slots + "}}"),
              "the slots of limit 'registry' have to be a whole number from 0");
  }
}

TEST(Requests, PassOnWhatTheRunRefuses) {
  FakeRun run;
  run.refusal = "its limit is fixed";
  EXPECT_THROW(
      try {
        read_limit_reply(answer(limit_request({{"registry", 5}}), run));
      } catch (const RequestError& error) {
        EXPECT_STREQ(error.what(), "its limit is fixed");
        throw;
      },
      RequestError);
}

TEST(Replies, ThatMakeNoSenseAreErrors) {
  for (const std::string reply : {"", "[]", "1", "{}", R"({"ok":true})", R"({"error":1})"}) {
    EXPECT_THROW(read_status_reply(reply), RequestError) << reply;
    EXPECT_THROW(read_limit_reply(reply), RequestError) << reply;
  }
}

}  // namespace
}  // namespace weir::view
