// Admission through limits, in virtual time.

#include "runtime/admission.hpp"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "virtual_clock.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using runtime::Admission;
using runtime::Clock;
using runtime::Permit;
using Names = std::vector<std::string>;

/// A limit's settings, part by part.
Admission::Settings slots(std::int64_t count, std::string name = "limit") {
  return {std::move(name), count, {}, {}};
}
Admission::Settings rate(Clock::Duration interval, std::optional<std::int64_t> slots = {}) {
  return {"rate", slots, interval, {}};
}
Admission::Settings memory(std::int64_t bytes) { return {"memory", {}, {}, bytes}; }

Admission::Need of(std::uint32_t limit, std::int64_t slots = 1) { return {limit, "", slots, 0}; }
Admission::Need key(std::string key, std::uint32_t limit = 0) {
  return {limit, std::move(key), 1, 0};
}
Admission::Need bytes(std::int64_t memory) { return {0, "", 1, memory}; }

/// One that waits, works until it is told to end, and remembers what happened to it.
class Worker final : public Admission::Request {
 public:
  explicit Worker(std::string name, Names* started = nullptr)
      : name_(std::move(name)), started_(started) {}

  void admitted(Permit permit) noexcept override {
    ++admissions;
    permit_ = std::move(permit);
    if (started_ != nullptr) started_->push_back(name_);
    if (on_start) on_start();
  }
  void refused() noexcept override { ++refusals; }
  void end() { permit_.give_back(); }

  int admissions = 0;
  int refusals = 0;
  std::function<void()> on_start;

 private:
  const std::string name_;
  Names* const started_;
  Permit permit_;
};

class AdmissionTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (admission_) admission_->close();
  }
  void limits(std::vector<Admission::Settings> settings) {
    admission_.emplace(std::move(settings), clock_);
  }
  Worker& enter(const std::string& name, Admission::Needs needs = Admission::Needs(1)) {
    Worker& worker = *workers_.emplace_back(std::make_unique<Worker>(name, &started_));
    admission_->enter(worker, std::move(needs));
    return worker;
  }
  Names started() { return std::exchange(started_, {}); }
  Admission::State state(std::size_t index = 0) { return admission_->states().at(index); }

  VirtualClock clock_;
  std::optional<Admission> admission_;
  Names started_;
  std::vector<std::unique_ptr<Worker>> workers_;  // end before the admission
};

TEST_F(AdmissionTest, AdmitsInTheOrderOfArrival) {
  limits({slots(1)});
  Worker& a = enter("a");
  Worker& b = enter("b");
  Worker& c = enter("c");
  EXPECT_EQ(started(), Names{"a"});
  EXPECT_EQ(state().waiting, 2);
  a.end();
  EXPECT_EQ(started(), Names{"b"});
  b.end();
  EXPECT_EQ(started(), Names{"c"});
  c.end();
  EXPECT_EQ(state().running, 0);
}

TEST_F(AdmissionTest, AdmitsAsManyAsThereAreSlots) {
  limits({slots(3)});
  for (const char* name : {"a", "b", "c", "d", "e"}) enter(name);
  EXPECT_EQ(started(), (Names{"a", "b", "c"}));
  EXPECT_EQ(state().taken, 3);
}

TEST_F(AdmissionTest, WithoutALimitNobodyWaits) {
  limits({});
  for (const char* name : {"a", "b"}) enter(name, {});
  EXPECT_EQ(started(), (Names{"a", "b"}));
}

TEST_F(AdmissionTest, TheShortFormTakesOneSlotOfTheOnlyLimit) {
  limits({slots(1)});
  Worker a("a");
  Worker b("b");
  admission_->enter(a);
  admission_->enter(b);
  EXPECT_EQ(a.admissions, 1);
  EXPECT_EQ(b.admissions, 0);
  a.end();
  EXPECT_EQ(b.admissions, 1);
}

TEST_F(AdmissionTest, TakesAllLimitsTogetherWithoutDeadlock) {
  limits({slots(1, "x"), slots(1, "y")});
  Worker& x = enter("x", {of(0)});
  Worker& y = enter("y", {of(1)});
  Worker& a = enter("a", {of(0), of(1)});
  Worker& b = enter("b", {of(1), of(0)});
  EXPECT_EQ(started(), (Names{"x", "y"}));
  x.end();
  EXPECT_EQ(started(), Names{});  // it takes x when it has y, too
  EXPECT_EQ(state(0).taken, 0);
  y.end();
  EXPECT_EQ(started(), Names{"a"});
  a.end();
  EXPECT_EQ(started(), Names{"b"});
  b.end();
  EXPECT_EQ(state(0).taken, 0);
  EXPECT_EQ(state(1).taken, 0);
}

TEST_F(AdmissionTest, OneThatGetsInAtOneLimitLetsThoseBehindItInAtItsOthers) {
  limits({slots(1, "x"), slots(2, "y"), slots(2, "z")});
  Worker& x = enter("x", {of(0)});
  enter("a", {of(0), of(1)});
  enter("b", {of(1), of(2)});
  enter("c", {of(2)});
  EXPECT_EQ(started(), Names{"x"});
  x.end();
  EXPECT_EQ(started(), (Names{"a", "b", "c"}));
}

TEST_F(AdmissionTest, AHeavyRequestIsNotOvertaken) {
  limits({slots(3)});
  Worker& a = enter("a");
  Worker& b = enter("b");
  enter("heavy", {of(0, 3)});
  enter("light");
  a.end();
  EXPECT_EQ(started(), (Names{"a", "b"}));  // two slots are free
  b.end();
  EXPECT_EQ(started(), Names{"heavy"});
}

TEST_F(AdmissionTest, OneThatIsHeavierThanTheLimitGetsInAlone) {
  limits({slots(4)});
  Worker& a = enter("a", {of(0, 2)});
  enter("heavy", {of(0, 4)});
  enter("b");
  admission_->set_slots(0, 2);
  EXPECT_EQ(started(), Names{"a"});
  a.end();
  EXPECT_EQ(started(), Names{"heavy"});
  EXPECT_EQ(state().taken, 4);
  workers_[1]->end();
  EXPECT_EQ(started(), Names{"b"});
}

TEST_F(AdmissionTest, AfterTheSlotsWentFromThreeToOneNothingStartsUntilAllThreeAreOver) {
  limits({slots(3)});
  Worker& a = enter("a");
  Worker& b = enter("b");
  Worker& c = enter("c");
  enter("d");
  started();
  admission_->set_slots(0, 1);
  EXPECT_EQ(state().slots, 1);
  a.end();
  b.end();
  EXPECT_EQ(started(), Names{});  // c has the only slot
  c.end();
  EXPECT_EQ(started(), Names{"d"});
}

TEST_F(AdmissionTest, WithNoSlotsNothingStartsUntilTheyAreRaised) {
  limits({slots(0)});
  enter("a");
  enter("heavy", {of(0, 5)});
  enter("b");
  EXPECT_EQ(started(), Names{});
  admission_->set_slots(0, 2);
  EXPECT_EQ(started(), Names{"a"});
  admission_->set_slots(0, 6);
  EXPECT_EQ(started(), Names{"heavy"});
  admission_->set_slots(0, 7);
  EXPECT_EQ(started(), Names{"b"});
}

TEST_F(AdmissionTest, ARateSpacesStartsEvenly) {
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

TEST_F(AdmissionTest, ARateLimitsStartsAndSlotsWhatRuns) {
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

TEST_F(AdmissionTest, WhatAnAlarmComesLateIsMadeUpForByAQuarterAtMost) {
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

TEST_F(AdmissionTest, EachKeyHasALimitOfItsOwn) {
  limits({slots(1)});
  Worker& a = enter("a1", {key("a")});
  enter("a2", {key("a")});
  enter("b1", {key("b")});
  EXPECT_EQ(started(), (Names{"a1", "b1"}));
  ASSERT_EQ(admission_->states().size(), 2U);
  EXPECT_EQ(state(0).key, "a");
  EXPECT_EQ(state(0).waiting, 1);
  EXPECT_EQ(state(1).key, "b");
  EXPECT_EQ(state(1).waiting, 0);
  a.end();
  EXPECT_EQ(started(), Names{"a2"});
}

TEST_F(AdmissionTest, AChangeOfSlotsHoldsForAllKeys) {
  limits({slots(1)});
  for (const char* name : {"a", "a", "b", "b"}) enter(name, {key(name)});
  EXPECT_EQ(started(), (Names{"a", "b"}));
  admission_->set_slots(0, 2);
  EXPECT_EQ(started(), (Names{"a", "b"}));
}

TEST_F(AdmissionTest, IdleKeysAreForgotten) {
  limits({slots(1)});
  for (int i = 0; i < 100'000; ++i) {
    Worker worker("a");
    admission_->enter(worker, {key(std::to_string(i))});
    ASSERT_EQ(worker.admissions, 1);
    worker.end();
    ASSERT_EQ(admission_->states().size(), 1U);
    ASSERT_EQ(state().key, "");
  }
}

TEST_F(AdmissionTest, AKeyIsNotForgottenBeforeItsRatesNextStart) {
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

TEST_F(AdmissionTest, ForgettingAKeyDoesNotRaiseItsRate) {
  limits({rate(8ms)});
  const Clock::Point begin = clock_.now();
  for (int i = 0; i < 10; ++i) {
    Worker& worker = enter("a", {key("a")});
    while (worker.admissions == 0) ASSERT_TRUE(clock_.advance_to_next());
    worker.end();
  }
  EXPECT_EQ(clock_.now() - begin, 9 * 8ms - 2ms);
}

TEST_F(AdmissionTest, MemoryIsTakenWhileTheWorkIsUnderWay) {
  limits({memory(100)});
  Worker& a = enter("a", {bytes(60)});
  Worker& b = enter("b", {bytes(40)});
  enter("c", {bytes(1)});
  enter("large", {bytes(1000)});
  enter("none", {bytes(0)});
  EXPECT_EQ(started(), (Names{"a", "b"}));
  EXPECT_EQ(state().memory, 100);
  a.end();
  EXPECT_EQ(started(), Names{"c"});
  b.end();
  EXPECT_EQ(started(), Names{});  // the large one waits until it is alone
  workers_[2]->end();
  EXPECT_EQ(started(), Names{"large"});
  workers_[3]->end();
  EXPECT_EQ(started(), Names{"none"});
}

TEST_F(AdmissionTest, WhatDoesNotFitIntoANumberFitsNowhere) {
  limits({memory(100)});
  Worker& a = enter("a", {bytes(1)});
  enter("large", {bytes(std::numeric_limits<std::int64_t>::max())});
  EXPECT_EQ(started(), Names{"a"});
  a.end();
  EXPECT_EQ(started(), Names{"large"});
}

TEST_F(AdmissionTest, NothingStartsDuringAPauseAndWhatRunsGoesOn) {
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

TEST_F(AdmissionTest, TheLongerPauseWins) {
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

TEST_F(AdmissionTest, APauseHoldsForALimitThatNobodyHasUsedYet) {
  limits({slots(2)});
  admission_->pause(0, "", clock_.now() + 10ms);
  enter("a");
  EXPECT_EQ(started(), Names{});
  clock_.advance(10ms);
  EXPECT_EQ(started(), Names{"a"});
}

TEST_F(AdmissionTest, AnIdleKeyIsPausedToo) {
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

TEST_F(AdmissionTest, APauseOfOneKeyDoesNotHoldOthers) {
  limits({slots(1)});
  admission_->pause(0, "a", clock_.now() + 10ms);
  enter("a", {key("a")});
  enter("b", {key("b")});
  EXPECT_EQ(started(), Names{"b"});
}

TEST_F(AdmissionTest, WaitsForTheLatestOfItsLimitsTimes) {
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

TEST_F(AdmissionTest, ClosedItRefusesWhatWaitsAndWhatComesAndWhatRunsGivesBack) {
  limits({slots(1, "x"), slots(1, "y")});
  Worker& a = enter("a", {of(0)});
  Worker& both = enter("both", {of(1), of(0)});
  Worker& b = enter("b", {of(0)});
  admission_->close();
  EXPECT_EQ(both.refusals, 1);
  EXPECT_EQ(b.refusals, 1);
  Worker& late = enter("late", {of(1)});
  EXPECT_EQ(late.refusals, 1);
  EXPECT_EQ(state(0).running, 1);
  EXPECT_EQ(state(0).waiting, 0);
  a.end();
  EXPECT_EQ(state(0).running, 0);
  EXPECT_EQ(started(), Names{"a"});
  admission_->close();
  EXPECT_EQ(both.refusals, 1);
}

TEST_F(AdmissionTest, ClosedItForgetsItsKeysAndItsAlarm) {
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

TEST_F(AdmissionTest, EndingTakesItsAlarmAlong) {
  limits({rate(10ms)});
  enter("a", {key("a")}).end();
  EXPECT_EQ(clock_.alarms(), 1U);
  admission_.reset();
  EXPECT_EQ(clock_.alarms(), 0U);
}

TEST_F(AdmissionTest, ARowOfRequestsThatEndAtOnceKeepsTheStackFlat) {
  limits({slots(1)});
  Worker& first = enter("first");
  constexpr int kRow = 100'000;
  int inside = 0;
  int deepest = 0;
  std::vector<std::unique_ptr<Worker>> row;
  for (int i = 0; i < kRow; ++i) {
    Worker& worker = *row.emplace_back(std::make_unique<Worker>("one"));
    worker.on_start = [&] {
      deepest = std::max(deepest, ++inside);
      worker.end();
      --inside;
    };
    admission_->enter(worker);
  }
  first.end();
  EXPECT_EQ(deepest, 1);
  for (const auto& worker : row) ASSERT_EQ(worker->admissions, 1);
  EXPECT_EQ(state().running, 0);
}

TEST_F(AdmissionTest, OneThatEntersAgainAtOnceKeepsTheStackFlatToo) {
  limits({slots(1)});
  Worker worker("one");
  int left = 100'000;
  worker.on_start = [&] {
    worker.end();
    if (--left > 0) admission_->enter(worker);
  };
  admission_->enter(worker);
  EXPECT_EQ(left, 0);
  EXPECT_EQ(worker.admissions, 100'000);
}

TEST_F(AdmissionTest, ADeferralKeepsRequestsFromBeingCalledUntilItEnds) {
  limits({slots(1)});
  {
    const Admission::Deferral outer;
    Worker& a = enter("a");
    {
      const Admission::Deferral inner;
      enter("b");
    }
    EXPECT_EQ(a.admissions, 0);
    EXPECT_EQ(state().running, 1);
  }
  EXPECT_EQ(started(), Names{"a"});
  {
    const Admission::Deferral deferral;
    admission_->close();
    EXPECT_EQ(workers_[1]->refusals, 0);
  }
  EXPECT_EQ(workers_[1]->refusals, 1);
}

TEST_F(AdmissionTest, APermitMayOutliveItsRequest) {
  limits({slots(1)});
  Permit kept;
  {
    struct Giving final : Admission::Request {
      explicit Giving(Permit& to) : to(to) {}
      void admitted(Permit permit) noexcept override { to = std::move(permit); }
      void refused() noexcept override {}
      Permit& to;
    } giving(kept);
    admission_->enter(giving);
  }
  enter("b");
  EXPECT_EQ(started(), Names{});
  kept.give_back();
  EXPECT_EQ(started(), Names{"b"});
}

}  // namespace
}  // namespace weir::test
