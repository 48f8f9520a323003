// Admission through limits: rates, pauses, and how long keys are known.

#include <gtest/gtest.h>
#include <vector>

#include "admission_fixture.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

using AdmissionTimeTest = AdmissionTest;

TEST_F(AdmissionTimeTest, ARateSpacesStartsEvenly) {
  limits({rate(10ms)});
  const Clock::Point begin = clock_.now();
  for (int i = 0; i < 5; ++i) enter("a");
  EXPECT_EQ(started().size(), 1U);
  std::vector<Clock::Duration> starts;
  while (clock_.advance_to_next()) {
    for (std::size_t i = started().size(); i > 0; --i) starts.push_back(clock_.now() - begin);
  }
  // The first one may have been late by a quarter.
  EXPECT_EQ(starts, (std::vector<Clock::Duration>{7500us, 17500us, 27500us, 37500us}));
}

TEST_F(AdmissionTimeTest, ARateLimitsStartsAndSlotsWhatRuns) {
  limits({rate(10ms, 2)});
  Worker& a = enter("a");
  enter("b");
  enter("c");
  clock_.advance(100ms);
  EXPECT_EQ(started(), (Names{"a", "b"}));
  a.end();
  EXPECT_EQ(started(), Names{"c"});  // its time had come long ago
  enter("d");
  workers_[1]->end();
  EXPECT_EQ(started(), Names{});
  EXPECT_TRUE(state().not_before.has_value());
  EXPECT_FALSE(state().paused);
  clock_.advance(10ms);
  EXPECT_EQ(started(), Names{"d"});
}

TEST_F(AdmissionTimeTest, WhatAnAlarmComesLateIsMadeUpForByAQuarterAtMost) {
  limits({rate(8ms)});
  enter("a");
  clock_.advance(100ms);  // idle for long: that is not made up for
  enter("b");
  enter("c");
  enter("d");
  EXPECT_EQ(started(), (Names{"a", "b"}));
  clock_.advance(5ms);
  EXPECT_EQ(started(), Names{});
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"c"});
  clock_.advance(7ms);
  EXPECT_EQ(started(), Names{});
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"d"});
}

TEST_F(AdmissionTimeTest, AKeyIsNotForgottenBeforeItsRatesNextStart) {
  limits({rate(8ms)});
  enter("a1", {key("a")}).end();
  enter("b1", {key("b")}).end();
  EXPECT_EQ(admission_->states().size(), 2U);
  clock_.advance(5ms);
  enter("a2", {key("a")});
  EXPECT_EQ(started(), (Names{"a1", "b1"}));
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"a2"});
  clock_.advance(2ms);
  ASSERT_EQ(admission_->states().size(), 1U);
  EXPECT_EQ(state().key, "a");
  workers_[2]->end();
  clock_.advance(10ms);
  EXPECT_EQ(state().key, "");
  EXPECT_EQ(clock_.alarms(), 0U);
}

TEST_F(AdmissionTimeTest, ForgettingAKeyDoesNotRaiseItsRate) {
  limits({rate(8ms)});
  const Clock::Point begin = clock_.now();
  for (int i = 0; i < 10; ++i) {
    Worker& worker = enter("a", {key("a")});
    while (worker.admissions == 0) ASSERT_TRUE(clock_.advance_to_next());
    worker.end();
  }
  EXPECT_EQ(clock_.now() - begin, 9 * 8ms - 2ms);
}

TEST_F(AdmissionTimeTest, NothingStartsDuringAPauseAndWhatRunsGoesOn) {
  limits({slots(2)});
  Worker& a = enter("a");
  admission_->pause(0, "", clock_.now() + 10ms);
  enter("b");
  EXPECT_TRUE(state().paused);
  EXPECT_EQ(state().not_before, clock_.now() + 10ms);
  clock_.advance(9ms);
  a.end();
  EXPECT_EQ(started(), Names{"a"});
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"b"});
  EXPECT_FALSE(state().paused);
}

TEST_F(AdmissionTimeTest, TheLongerPauseWins) {
  limits({slots(2)});
  enter("a");
  enter("b").end();
  started();
  admission_->pause(0, "", clock_.now() + 20ms);
  admission_->pause(0, "", clock_.now() + 10ms);
  enter("c");
  admission_->pause(0, "", clock_.now() + 30ms);
  clock_.advance(29ms);
  EXPECT_EQ(started(), Names{});
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"c"});
}

TEST_F(AdmissionTimeTest, APauseHoldsForALimitThatNobodyHasUsedYet) {
  limits({slots(2)});
  admission_->pause(0, "", clock_.now() + 10ms);
  enter("a");
  EXPECT_EQ(started(), Names{});
  clock_.advance(10ms);
  EXPECT_EQ(started(), Names{"a"});
}

TEST_F(AdmissionTimeTest, AnIdleKeyIsPausedToo) {
  limits({slots(1)});
  enter("a1", {key("a")}).end();
  admission_->pause(0, "a", clock_.now() + 10ms);
  admission_->pause(0, "b", clock_.now() + 20ms);
  admission_->pause(0, "c", clock_.now());  // over
  EXPECT_EQ(admission_->states().size(), 2U);
  enter("a2", {key("a")});
  EXPECT_EQ(started(), Names{"a1"});
  clock_.advance(10ms);
  EXPECT_EQ(started(), Names{"a2"});
  workers_[1]->end();
  ASSERT_EQ(admission_->states().size(), 1U);
  EXPECT_EQ(state().key, "b");
  clock_.advance(10ms);
  EXPECT_EQ(state().key, "");
}

TEST_F(AdmissionTimeTest, APauseOfOneKeyDoesNotHoldOthers) {
  limits({slots(1)});
  admission_->pause(0, "a", clock_.now() + 10ms);
  enter("a", {key("a")});
  enter("b", {key("b")});
  EXPECT_EQ(started(), Names{"b"});
}

TEST_F(AdmissionTimeTest, WaitsForTheLatestOfItsLimitsTimes) {
  limits({slots(1, "x"), slots(1, "y")});
  admission_->pause(0, "", clock_.now() + 10ms);
  admission_->pause(1, "", clock_.now() + 20ms);
  enter("a", {of(0), of(1)});
  clock_.advance(5ms);
  admission_->pause(0, "", clock_.now() + 20ms);  // at 25
  clock_.advance(19ms);
  EXPECT_EQ(started(), Names{});
  clock_.advance(1ms);
  EXPECT_EQ(started(), Names{"a"});
}

TEST_F(AdmissionTimeTest, ClosedItForgetsItsKeysAndItsAlarm) {
  limits({rate(10ms)});
  Worker& a = enter("a", {key("a")});
  enter("a", {key("a")});
  admission_->pause(0, "b", clock_.now() + 10ms);
  Worker& b = enter("b", {key("b")});
  EXPECT_EQ(clock_.alarms(), 1U);
  admission_->close();
  EXPECT_EQ(clock_.alarms(), 0U);
  EXPECT_EQ(b.refusals, 1);
  ASSERT_EQ(admission_->states().size(), 1U);
  EXPECT_EQ(state().key, "a");
  a.end();
  EXPECT_EQ(state().key, "");
}

TEST_F(AdmissionTimeTest, EndingTakesItsAlarmAlong) {
  limits({rate(10ms)});
  enter("a", {key("a")}).end();
  EXPECT_EQ(clock_.alarms(), 1U);
  admission_.reset();
  EXPECT_EQ(clock_.alarms(), 0U);
}

TEST_F(AdmissionTimeTest, WhoHasWaitedKnowsWhatFor) {
  limits({slots(1, "push"), rate(10ms)});
  Worker& first = enter("a", {of(0)});
  Worker& second = enter("b", {of(0)});
  Worker& third = enter("c", {of(0)});
  first.end();
  second.end();
  EXPECT_EQ(first.held(*admission_), "");
  EXPECT_EQ(second.held(*admission_), "push: slots");
  EXPECT_EQ(third.held(*admission_), "push: slots");
  Worker& rated = enter("d", {of(1)});
  Worker& late = enter("e", {of(1)});
  clock_.advance(20ms);
  EXPECT_EQ(rated.held(*admission_), "");
  EXPECT_EQ(late.held(*admission_), "rate: rate");
}

TEST_F(AdmissionTimeTest, WhoComesInBehindAPauseHasWaitedForIt) {
  limits({slots(3, "push")});
  admission_->pause(0, "", clock_.now() + 10ms);
  Worker& first = enter("a");
  Worker& second = enter("b");
  clock_.advance(10ms);
  EXPECT_EQ(first.held(*admission_), "push: pause");
  EXPECT_EQ(second.held(*admission_), "push: pause");
}

TEST_F(AdmissionTest, SetsNoAlarmForIdleKeysOnceItIsClosed) {
  limits({rate(10ms)});
  enter("a", {key("one")}).end();
  clock_.advance(1ms);
  enter("b", {key("two")}).end();
  EXPECT_EQ(clock_.alarms(), 1U) << "for a key to be forgotten";
  admission_->close();
  EXPECT_EQ(clock_.alarms(), 0U);
}

}  // namespace
}  // namespace weir::test
