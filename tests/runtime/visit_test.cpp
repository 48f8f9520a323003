// The way of an item through a function that waits, in virtual time.

#include "runtime/visit.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "virtual_clock.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using abi::End;
using runtime::Admission;
using runtime::AttemptEnd;
using runtime::Clock;
using runtime::Permit;
using runtime::Visit;
using runtime::Visits;
using Waits = std::vector<Clock::Duration>;

constexpr AttemptEnd kDone{End::done, false};
constexpr AttemptEnd kRetry{End::failed, true};
constexpr AttemptEnd kFailed{End::failed, false};

/// What has become of a visit; it outlives that.
struct Story {
  int attempts = 0;
  int needs = 0;
  int needs_failed = 0;
  Waits waits;
  std::vector<End> ends;
};

/// Its attempts last until `end`, unless `ends_at_once` says how they end. Destroys itself when it
/// is over.
class TestVisit final : public Visit {
 public:
  TestVisit(Visits& of, Story& story) : Visit(of), story_(story) {}

  void end(AttemptEnd end) {
    permit_.give_back();
    attempt_ended(end);
  }

  std::optional<AttemptEnd> ends_at_once;
  bool has_no_needs = false;
  std::function<void()> on_retry;

 private:
  Admission::Needs needs() override {
    ++story_.needs;
    if (has_no_needs) throw std::runtime_error("no such key");
    return Admission::Needs(1);
  }
  void needs_failed() noexcept override {
    ++story_.needs_failed;
    over(End::failed);
  }
  void attempt(Permit permit) noexcept override {
    ++story_.attempts;
    EXPECT_EQ(attempts(), story_.attempts);
    permit_ = std::move(permit);
    if (ends_at_once) end(*ends_at_once);
  }
  void will_retry(Clock::Duration wait) noexcept override {
    story_.waits.push_back(wait);
    if (on_retry) on_retry();
  }
  void over(End end) noexcept override {
    story_.ends.push_back(end);
    delete this;
  }

  Story& story_;
  Permit permit_;
};

class VisitTest : public ::testing::Test {
 protected:
  Visits& visits(Visits::Settings settings, std::int64_t slots = 1) {
    admission_.emplace(std::vector<Admission::Settings>{{"limit", slots, {}, {}}}, clock_);
    return visits_.emplace(*admission_, clock_, settings);
  }
  TestVisit& visit() {
    Story& story = *stories_.emplace_back(std::make_unique<Story>());
    return *new TestVisit(*visits_, story);
  }
  Story& story(std::size_t index = 0) { return *stories_.at(index); }
  Admission::State limit() { return admission_->states().front(); }

  VirtualClock clock_;
  std::optional<Admission> admission_;
  std::optional<Visits> visits_;
  std::vector<std::unique_ptr<Story>> stories_;
};

TEST_F(VisitTest, HoldsItsPermitForAnAttemptAndEnds) {
  visits({});
  TestVisit& a = visit();
  a.arrive();
  EXPECT_EQ(story().attempts, 1);
  EXPECT_EQ(limit().running, 1);
  a.end(kDone);
  EXPECT_EQ(limit().running, 0);
  EXPECT_EQ(story().ends, std::vector{End::done});
}

TEST_F(VisitTest, AnAttemptThatFailsForGoodIsTheLast) {
  visits({.attempts = 5, .first_wait = 1s, .longest_wait = 30s});
  TestVisit& a = visit();
  a.arrive();
  a.end(kFailed);
  EXPECT_EQ(story().attempts, 1);
  EXPECT_EQ(story().ends, std::vector{End::failed});
}

TEST_F(VisitTest, HasAsManyAttemptsAsItsSettingsSay) {
  visits({.attempts = 3, .first_wait = 1s, .longest_wait = 30s});
  TestVisit& a = visit();
  a.ends_at_once = kRetry;
  a.arrive();
  while (clock_.advance_to_next()) {
  }
  EXPECT_EQ(story().attempts, 3);
  EXPECT_EQ(story().needs, 3);  // what it takes may have changed
  EXPECT_EQ(story().waits.size(), 2U);
  EXPECT_EQ(story().ends, std::vector{End::failed});
}

TEST_F(VisitTest, BacksOffExponentiallyUpToTheLongestWaitWithJitter) {
  visits({.attempts = 8, .first_wait = 1s, .longest_wait = 10s});
  std::vector<Clock::Duration> least(7, Clock::Duration::max());
  std::vector<Clock::Duration> most(7, Clock::Duration(0));
  for (std::size_t item = 0; item < 200; ++item) {
    TestVisit& a = visit();
    a.ends_at_once = kRetry;
    a.arrive();
    for (std::size_t i = 0; i < 7; ++i) {
      const Clock::Point before = clock_.now();
      ASSERT_TRUE(clock_.advance_to_next());
      const Clock::Duration wait = clock_.now() - before;
      ASSERT_EQ(wait, story(item).waits.at(i));
      least[i] = std::min(least[i], wait);
      most[i] = std::max(most[i], wait);
    }
    ASSERT_EQ(story(item).ends, std::vector{End::failed});
  }
  const Waits whole = {1s, 2s, 4s, 8s, 10s, 10s, 10s};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_GE(least[i], whole[i] / 2);
    EXPECT_LE(most[i], whole[i]);
    // They spread over all of it.
    EXPECT_LT(least[i], whole[i] * 6 / 10);
    EXPECT_GT(most[i], whole[i] * 9 / 10);
  }
}

TEST_F(VisitTest, ALongestWaitWithoutBoundsDoesNotOverflow) {
  visits({.attempts = 100, .first_wait = 1h, .longest_wait = Clock::Duration::max() / 4});
  TestVisit& a = visit();
  a.ends_at_once = kRetry;
  a.arrive();
  for (int i = 0; i < 30; ++i) clock_.advance_to_next(clock_.now() + std::chrono::years(1));
  visits_->stop();
  for (const Clock::Duration wait : story().waits) EXPECT_GT(wait, 0s);
}

TEST_F(VisitTest, WithoutAWaitTheNextAttemptFollowsAtOnce) {
  visits({.attempts = 3});
  TestVisit& a = visit();
  a.ends_at_once = kRetry;
  a.arrive();
  const Clock::Point before = clock_.now();
  while (clock_.advance_to_next()) {
  }
  EXPECT_EQ(clock_.now(), before);
  EXPECT_EQ(story().attempts, 3);
}

TEST_F(VisitTest, NoPermitIsHeldWhileItBacksOff) {
  visits({.attempts = 2, .first_wait = 10s, .longest_wait = 10s}, 3);
  for (int i = 0; i < 100; ++i) {
    TestVisit& a = visit();
    a.ends_at_once = kRetry;
    a.arrive();
    EXPECT_EQ(limit().taken, 0);
  }
  EXPECT_EQ(visits_->backing_off(), 100U);
  ASSERT_TRUE(visits_->next_attempt());
  EXPECT_GE(*visits_->next_attempt(), clock_.now() + 5s);
  EXPECT_LT(*visits_->next_attempt(), clock_.now() + 7s);  // the first of a hundred
  while (clock_.advance_to_next()) {
    EXPECT_EQ(limit().taken, 0);
    EXPECT_EQ(limit().waiting, 0);
  }
  EXPECT_EQ(visits_->backing_off(), 0U);
  EXPECT_FALSE(visits_->next_attempt());
  for (const auto& story : stories_) ASSERT_EQ(story->ends, std::vector{End::failed});
}

TEST_F(VisitTest, ItWaitsBehindTheOthersForItsNextAttempt) {
  visits({.attempts = 2});
  TestVisit& a = visit();
  a.arrive();
  TestVisit& b = visit();
  b.arrive();
  a.end(kRetry);
  EXPECT_EQ(story(1).attempts, 1);
  while (clock_.advance_to_next()) {
  }
  EXPECT_EQ(story(0).attempts, 1);
  b.end(kDone);
  EXPECT_EQ(story(0).attempts, 2);
  a.end(kDone);
}

TEST_F(VisitTest, AStopCancelsWhatWaitsForAPermit) {
  visits({});
  TestVisit& a = visit();
  a.arrive();
  visit().arrive();
  visits_->stop();
  EXPECT_EQ(story(0).ends, std::vector<End>{});
  EXPECT_EQ(story(1).ends, std::vector{End::cancelled});
  a.end(kDone);
  EXPECT_EQ(story(0).ends, std::vector{End::done});
}

TEST_F(VisitTest, AStopCancelsWhatBacksOff) {
  visits({.attempts = 2, .first_wait = 1s, .longest_wait = 1s});
  TestVisit& a = visit();
  a.ends_at_once = kRetry;
  a.arrive();
  EXPECT_EQ(clock_.alarms(), 1U);
  visits_->stop();
  EXPECT_EQ(story().ends, std::vector{End::cancelled});
  EXPECT_EQ(visits_->backing_off(), 0U);
  EXPECT_EQ(clock_.alarms(), 0U);
}

TEST_F(VisitTest, AfterAStopAnAttemptThatFailsIsNotFollowedByAnother) {
  visits({.attempts = 2, .first_wait = 1s, .longest_wait = 1s});
  TestVisit& a = visit();
  a.arrive();
  visits_->stop();
  a.end(kRetry);
  EXPECT_EQ(story().attempts, 1);
  EXPECT_EQ(story().waits, Waits{});
  EXPECT_EQ(story().ends, std::vector{End::cancelled});
}

TEST_F(VisitTest, AfterAStopItsLastAttemptHasFailedIfItFails) {
  visits({.attempts = 1});
  TestVisit& a = visit();
  a.arrive();
  visits_->stop();
  a.end(kRetry);
  EXPECT_EQ(story().ends, std::vector{End::failed});
}

TEST_F(VisitTest, AStopThatComesJustBeforeItBacksOffCancelsIt) {
  visits({.attempts = 2, .first_wait = 1s, .longest_wait = 1s});
  TestVisit& a = visit();
  a.ends_at_once = kRetry;
  a.on_retry = [&] { visits_->stop(); };
  a.arrive();
  EXPECT_EQ(story().attempts, 1);
  EXPECT_EQ(story().ends, std::vector{End::cancelled});
  EXPECT_EQ(clock_.alarms(), 0U);
}

TEST_F(VisitTest, WhatArrivesAfterAStopIsCancelled) {
  visits({});
  visits_->stop();
  visits_->stop();
  visit().arrive();
  EXPECT_EQ(story().attempts, 0);
  EXPECT_EQ(story().ends, std::vector{End::cancelled});
}

TEST_F(VisitTest, WhatIsDismissedWaitsNoLonger) {
  visits({.attempts = 3, .first_wait = 10s, .longest_wait = 10s});
  Visits others(*admission_, clock_, {});
  Story other;
  TestVisit& backs_off = visit();
  backs_off.ends_at_once = kRetry;
  backs_off.arrive();
  TestVisit& works = visit();
  works.arrive();
  visit().arrive();
  auto* const not_theirs = new TestVisit(others, other);
  not_theirs->arrive();
  visits_->dismiss();
  EXPECT_EQ(story(0).ends, std::vector{End::cancelled});
  EXPECT_EQ(story(0).attempts, 1);
  EXPECT_EQ(story(1).ends, std::vector<End>{});
  EXPECT_EQ(story(2).ends, std::vector{End::cancelled});
  EXPECT_EQ(story(2).attempts, 0);
  EXPECT_EQ(clock_.alarms(), 0U);
  visit().arrive();
  EXPECT_EQ(story(3).ends, std::vector{End::cancelled});
  works.end(kRetry);  // it has attempts left, but nobody wants them
  EXPECT_EQ(story(1).ends, std::vector{End::cancelled});
  EXPECT_EQ(other.attempts, 1) << "the limit is not theirs alone";
  not_theirs->end(kDone);
  visits_->stop();
}

/// Holds back what has been cancelled too late, as a thread that is on its way does.
class LateClock final : public Clock {
 public:
  Point now() const noexcept override { return Point(1h); }
  void set(Alarm& alarm, Point /*at*/) override { alarm_ = &alarm; }
  bool cancel(Alarm& /*alarm*/) noexcept override { return false; }
  void ring() { std::exchange(alarm_, nullptr)->ring(); }

 private:
  Alarm* alarm_ = nullptr;
};

TEST_F(VisitTest, ANextAttemptWhoseTimeComesDuringAStopIsCancelledOnce) {
  LateClock late;
  Admission admission({{"limit", 1, {}, {}}}, late);
  Visits visits(admission, late, {.attempts = 2, .first_wait = 1s, .longest_wait = 1s});
  Story story;
  auto* const a = new TestVisit(visits, story);
  a->ends_at_once = kRetry;
  a->arrive();
  visits.stop();
  EXPECT_EQ(story.ends, std::vector<End>{});
  late.ring();
  EXPECT_EQ(story.attempts, 1);
  EXPECT_EQ(story.ends, std::vector{End::cancelled});
}

TEST_F(VisitTest, WhatCantTellWhatItNeedsEnds) {
  visits({});
  TestVisit& a = visit();
  a.has_no_needs = true;
  a.arrive();
  EXPECT_EQ(story().needs_failed, 1);
  EXPECT_EQ(story().attempts, 0);
  EXPECT_EQ(story().ends, std::vector{End::failed});
  EXPECT_EQ(limit().waiting, 0);
}

TEST_F(VisitTest, ItsNeedsMayFailForALaterAttempt) {
  visits({.attempts = 3});
  TestVisit& a = visit();
  a.arrive();
  a.has_no_needs = true;
  a.end(kRetry);
  while (clock_.advance_to_next()) {
  }
  EXPECT_EQ(story().attempts, 1);
  EXPECT_EQ(story().needs_failed, 1);
  EXPECT_EQ(story().ends, std::vector{End::failed});
}

}  // namespace
}  // namespace weir::test
