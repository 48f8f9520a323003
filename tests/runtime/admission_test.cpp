// Admission through limits: order, room, ends.

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "admission_fixture.hpp"

namespace weir::test {
namespace {

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
