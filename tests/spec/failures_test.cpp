/// The keys about failures, and `secrets:`. What can be wrong with them is in the golden files.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

NodeDeclaration function_with(const std::string& keys) {
  const Reading reading =
      read("weir: 1\nnodes:\n  in: {source: lines}\n  work: {from: in, run: [x], " + keys + "}\n");
  EXPECT_EQ(reading.rendered(), "");
  return reading.node("work");
}

TEST(Retry, IsANumberOfAttempts) {
  const Retry retry = *function_with("retry: 5").retry;
  EXPECT_EQ(retry.attempts, 5);
  EXPECT_EQ(retry.first, seconds(1));
  EXPECT_EQ(retry.longest, minutes(1));
  EXPECT_TRUE(retry.statuses.empty());
  EXPECT_EQ(retry.match.text, "");
  EXPECT_EQ(retry.place, (Place{4, 30, 5}));
}

TEST(Retry, WaitsFromTheFirstToTheLongest) {
  const Retry retry = *function_with("retry: {attempts: 2, backoff: 250ms..1.5m}").retry;
  EXPECT_EQ(retry.first, milliseconds(250));
  EXPECT_EQ(retry.longest, seconds(90));
}

TEST(Retry, WaitsAlwaysAsLongIfThereIsOneWait) {
  const Retry retry = *function_with("retry: {attempts: 2, backoff: 5s}").retry;
  EXPECT_EQ(retry.first, seconds(5));
  EXPECT_EQ(retry.longest, seconds(5));
  EXPECT_EQ(function_with("retry: {attempts: 2, backoff: 0}").retry->longest, seconds(0));
}

TEST(Retry, IsOfSomeStatusesOrWhatMatches) {
  const Retry retry =
      *function_with("retry: {attempts: 2, when: {status: [0, 255], match: 429}}").retry;
  EXPECT_EQ(retry.statuses, (std::vector<std::int64_t>{0, 255}));
  EXPECT_EQ(retry.match.text, "429");
  EXPECT_EQ(retry.match.place, (Place{4, 83, 3}));
  EXPECT_EQ(function_with("retry: {attempts: 2, when: {status: 75}}").retry->statuses,
            (std::vector<std::int64_t>{75}));
}

TEST(Throttle, PausesForHalfAMinuteUnlessItSaysOtherwise) {
  EXPECT_EQ(function_with("throttle: {match: busy}").throttle->pause, seconds(30));
  EXPECT_EQ(function_with("throttle: {match: busy, pause: 2m}").throttle->pause, minutes(2));
}

TEST(Timeout, IsADuration) { EXPECT_EQ(function_with("timeout: 30m").timeout->time, minutes(30)); }

TEST(OnFailure, SaysAfterHowManyTheRunStops) {
  EXPECT_EQ(function_with("on_failure: stop").on_failure.items, 1);
  EXPECT_EQ(function_with("on_failure: stop after 3").on_failure.items, 3);
  EXPECT_EQ(function_with("on_failure: stop after 3").on_failure.percent, std::nullopt);
  EXPECT_EQ(function_with("on_failure: stop after 0.5%").on_failure.percent, 0.5);
  EXPECT_EQ(function_with("on_failure: stop after 100%").on_failure.percent, 100);
  EXPECT_EQ(function_with("on_failure: continue").on_failure.items, std::nullopt);
  EXPECT_EQ(function_with("timeout: 1s").on_failure.items, std::nullopt);
}

TEST(OnCancel, IsKeptAsItIs) {
  const auto on_cancel = function_with("on_cancel: [rm, '${{ item }}']").on_cancel;
  EXPECT_EQ(on_cancel->key, "on_cancel");
  EXPECT_EQ(on_cancel->value.items.at(1).holes.size(), 1U);
}

TEST(Secrets, HaveTheValuesOfTheirVariables) {
  ReadOptions options;
  options.environment = {{"TOKEN", "t0ken"}, {"EMPTY", ""}};
  const Reading reading =
      read("weir: 1\nsecrets: [TOKEN, EMPTY, MISSING]\nnodes: {in: {source: lines}}\n", options);
  ASSERT_EQ(reading.pipeline.secrets.size(), 3U);
  EXPECT_EQ(reading.pipeline.secrets[0].value, "t0ken");
  EXPECT_EQ(reading.pipeline.secrets[1].value, "");
  EXPECT_EQ(reading.pipeline.secrets[2].value, "");
  EXPECT_EQ(reading.rendered(),
            "test.yaml:2:18: warning: this environment variable is empty: there is nothing to "
            "hide\n"
            "  2 | secrets: [TOKEN, EMPTY, MISSING]\n"
            "    |                  ^~~~~\n"
            "test.yaml:2:25: warning: this environment variable is not set: there is nothing to "
            "hide\n"
            "  2 | secrets: [TOKEN, EMPTY, MISSING]\n"
            "    |                         ^~~~~~~\n");
}

TEST(Secrets, MayBeOne) {
  ReadOptions options;
  options.environment = {{"TOKEN", "t0ken"}};
  const Reading reading = read("weir: 1\nsecrets: TOKEN\nnodes: {in: {source: lines}}\n", options);
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.pipeline.secrets.at(0).variable, "TOKEN");
}

TEST(Secrets, ThatAreValuesAreNotShown) {
  ReadOptions options;
  options.environment = {{"TOKEN", "t0ken"}};
  for (const std::string secrets : {"'${env.TOKEN}'", "['${env.TOKEN}']", "'${token}'"}) {
    const Reading reading = read("weir: 1\nparams: {token: '${env.TOKEN}'}\nsecrets: " + secrets +
                                     "\nnodes: {in: {source: lines}}\n",
                                 options);
    EXPECT_FALSE(reading.diagnostics.all().empty());
    EXPECT_EQ(reading.rendered().find("t0ken"), std::string::npos) << reading.rendered();
  }
}

}  // namespace
}  // namespace weir::spec
