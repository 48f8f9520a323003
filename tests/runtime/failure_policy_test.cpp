#include "runtime/failure_policy.hpp"

#include <gtest/gtest.h>

namespace weir::runtime {
namespace {

using namespace std::chrono_literals;

/// How long a function pauses whose command has written this.
std::chrono::nanoseconds pause_after(const std::string& output) {
  compile::PlannedNode node;
  node.throttle = compile::Throttle{"429", 30s};
  Failure failure;
  failure.error = "429";
  return FailurePolicy(node).pause(failure, output).value();
}

TEST(RetryAfter, IsAPauseInSeconds) {
  EXPECT_EQ(pause_after("HTTP/1.1 429\nRetry-After: 7\n"), 7s);
  EXPECT_EQ(pause_after("< retry-AFTER:\t 7"), 7s);
  EXPECT_EQ(pause_after("Retry-After: 0\n"), 0s);
  EXPECT_EQ(pause_after("no header"), 30s);
  EXPECT_EQ(pause_after("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"), 30s);
}

TEST(RetryAfter, IsAtMostADay) {
  EXPECT_EQ(pause_after("Retry-After: 86400"), 24h);
  EXPECT_EQ(pause_after("Retry-After: 86401"), 24h);
  EXPECT_EQ(pause_after("Retry-After: 86400.5"), 24h);
  EXPECT_EQ(pause_after("Retry-After: 9999999999"), 24h);
  EXPECT_EQ(pause_after("Retry-After: " + std::string(1000, '9')), 24h);
  EXPECT_EQ(pause_after("Retry-After: 0000000000007"), 7s);
}

TEST(RetryAfter, IsRoundedUp) {
  EXPECT_EQ(pause_after("Retry-After: 1.5\n"), 2s);
  EXPECT_EQ(pause_after("Retry-After: 0.001\n"), 1s);
  EXPECT_EQ(pause_after("Retry-After: 3.00\n"), 3s);
  EXPECT_EQ(pause_after("Retry-After: 3.\n"), 3s);
}

TEST(RetryAfter, IsNotTheEndOfAnotherName) {
  EXPECT_EQ(pause_after("X-Retry-After: 9\n"), 30s);
  EXPECT_EQ(pause_after("no_retry-after: 9\n"), 30s);
  EXPECT_EQ(pause_after("2retry-after: 9\n"), 30s);
  EXPECT_EQ(pause_after("X-Retry-After: 9\nRetry-After: 3\n"), 3s);
  EXPECT_EQ(pause_after("{\"Retry-After: 3\"}"), 3s);
}

}  // namespace
}  // namespace weir::runtime
