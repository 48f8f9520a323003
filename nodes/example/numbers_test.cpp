#include "numbers.hpp"

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace {

using weir::testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;

// A node is a struct: call it.

TEST(Scale, Multiplies) { EXPECT_EQ(Scale{.factor = 3}(14), 42); }

TEST(Invert, Inverts) { EXPECT_EQ(Invert{}(4), (Fraction{1, 4})); }

TEST(Legacy, GivesOutWhatCameIn) { EXPECT_EQ(Legacy{.time = std::chrono::milliseconds(0)}(5), 5); }

TEST(Report, HasTextAndValue) {
  const weir::Record report = Report{}({1, 4});
  EXPECT_EQ(report["text"], "1/4");
  EXPECT_EQ(report["value"], 0.25);
}

// What a pipeline makes of it: parameters, ports, failures, waits.

TEST(Scale, TakesItsFactorAsAParameter) {
  NodeUnderTest<Scale> scale({{"factor", 3}});
  EXPECT_EQ(scale.give(14).out(), Ints{42});
}

TEST(Scale, RefusesAFactorThatIsTooLarge) {
  EXPECT_THROW(NodeUnderTest<Scale>({{"factor", 1001}}), std::invalid_argument);
}

TEST(Count, EndsAtItsLastNumber) {
  NodeUnderTest<Count> count({{"to", 3}});
  EXPECT_EQ(count.take(100).out(), (Ints{1, 2, 3}));
}

TEST(Route, SortsBySize) {
  NodeUnderTest<Route> route;
  auto given = route.give(1, 100, 99, 1000);
  EXPECT_EQ(given.port<std::int64_t>("small"), (Ints{1, 99}));
  EXPECT_EQ(given.port<std::int64_t>("large"), (Ints{100, 1000}));
}

TEST(Invert, FailsOnZero) {
  NodeUnderTest<Invert> invert;
  auto given = invert.give(2, 0);
  EXPECT_EQ(given.out(), std::vector<Fraction>({{1, 2}}));
  EXPECT_EQ(given.failures().at(0).item, "0");
  EXPECT_EQ(given.failures().at(0).failure.error, "0 has no inverse");
}

TEST(Factors, RunsTheProgram) {
  NodeUnderTest<Factors> factors;
  factors.host().answer([](const weir::Command& command) {
    weir::ProcessResult result;
    result.out = command.argv.at(1) + ": so and so\n";
    return result;
  });
  EXPECT_EQ(factors.give(6, 7).out(), (std::vector<std::string>{"6: so and so", "7: so and so"}));
  EXPECT_EQ(factors.host().commands().at(0).argv, (std::vector<std::string>{"factor", "6"}));
}

TEST(Factors, FailsWhenTheProgramFails) {
  NodeUnderTest<Factors> factors;
  factors.host().answer([](const weir::Command&) {
    weir::ProcessResult result;
    result.status = 1;
    return result;
  });
  EXPECT_EQ(factors.give(6).failures().at(0).failure.error, "`factor 6` exited with status 1");
}

TEST(Factors, IsCancelledWhenTheRunStops) {
  NodeUnderTest<Factors> factors;
  factors.host().answer([](const weir::Command&) {
    weir::ProcessResult result;
    result.seconds = 10;
    return result;
  });
  factors.host().stop_at(std::chrono::seconds(3));
  EXPECT_EQ(factors.give(6).cancelled(), 1u);
}

}  // namespace
