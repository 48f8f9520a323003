// Alarms by the reactor's timers: real time, but no more of it than a few milliseconds.

#include "runtime/reactor_clock.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "tasks.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using runtime::Clock;
using runtime::Executor;
using runtime::ReactorClock;

class Bell final : public Clock::Alarm {
 public:
  Bell(const Clock& clock, std::vector<const Bell*>& rung) : clock_(clock), rung_(rung) {}
  void ring() noexcept override {
    at = clock_.now();
    rung_.push_back(this);
  }
  Clock::Point at{};

 private:
  const Clock& clock_;
  std::vector<const Bell*>& rung_;
};

class ReactorClockTest : public ::testing::Test {
 protected:
  // Its thread has to be out of the clock before that ends.
  void TearDown() override { reactor_.reset(); }
  Bell& bell() { return bells_.emplace_back(clock_, rung_); }

  std::unique_ptr<io::Reactor> reactor_ = std::make_unique<io::Reactor>();
  Tasks tasks_;
  ReactorClock clock_{*reactor_, tasks_};
  std::deque<Bell> bells_;
  std::vector<const Bell*> rung_;
};

TEST_F(ReactorClockTest, RingsOnTheExecutorWhenItsTimeHasCome) {
  const Clock::Point at = clock_.now() + 2ms;
  Bell& a = bell();
  clock_.set(a, at);
  Executor::Task& task = tasks_.next();
  EXPECT_TRUE(task.is_short());
  EXPECT_TRUE(rung_.empty());
  task.run();
  EXPECT_EQ(rung_, std::vector<const Bell*>{&a});
  EXPECT_GE(a.at, at);
}

TEST_F(ReactorClockTest, RingsAtOnceWhatIsLate) {
  Bell& a = bell();
  clock_.set(a, clock_.now() - 1h);
  tasks_.next().run();
  EXPECT_EQ(rung_.size(), 1U);
}

TEST_F(ReactorClockTest, RingsInTheOrderOfTimeAndNotOfSetting) {
  const Clock::Point now = clock_.now();
  Bell& c = bell();
  Bell& a = bell();
  Bell& b = bell();
  clock_.set(c, now + 3ms);
  clock_.set(a, now + 1ms);
  clock_.set(b, now + 2ms);
  for (int i = 0; i < 3; ++i) tasks_.next().run();
  EXPECT_EQ(rung_, (std::vector<const Bell*>{&a, &b, &c}));
}

TEST_F(ReactorClockTest, WhatIsCancelledDoesNotRing) {
  const Clock::Point now = clock_.now();
  Bell& a = bell();
  Bell& b = bell();
  clock_.set(a, now + 1ms);
  clock_.set(b, now + 2ms);
  EXPECT_TRUE(clock_.cancel(a));
  EXPECT_FALSE(clock_.cancel(a));
  tasks_.next().run();
  EXPECT_EQ(rung_, std::vector<const Bell*>{&b});
  EXPECT_FALSE(clock_.cancel(b));
  EXPECT_TRUE(tasks_.empty());
}

TEST_F(ReactorClockTest, WhatIsOnItsWayCannotBeCancelled) {
  Bell& a = bell();
  clock_.set(a, clock_.now());
  Executor::Task& task = tasks_.next();
  EXPECT_FALSE(clock_.cancel(a));
  task.run();
  EXPECT_EQ(rung_.size(), 1U);
}

TEST_F(ReactorClockTest, CanBeSetAgainWhenItHasRungOrHasBeenCancelled) {
  Bell& a = bell();
  clock_.set(a, clock_.now() + 1h);
  EXPECT_TRUE(clock_.cancel(a));
  clock_.set(a, clock_.now());
  tasks_.next().run();
  clock_.set(a, clock_.now());
  tasks_.next().run();
  EXPECT_EQ(rung_.size(), 2U);
}

TEST_F(ReactorClockTest, RingsEachOfManyOnce) {
  std::mt19937 random(1);
  const Clock::Point now = clock_.now();
  for (int i = 0; i < 1000; ++i) clock_.set(bell(), now + 1us * (random() % 10'000));
  for (int i = 0; i < 1000; ++i) tasks_.next().run();
  EXPECT_TRUE(tasks_.empty());
  std::sort(rung_.begin(), rung_.end());
  EXPECT_EQ(std::unique(rung_.begin(), rung_.end()), rung_.end());
}

TEST_F(ReactorClockTest, OneTimerOfTheReactorWaitsForAllThatIsLater) {
  Bell& far = bell();
  clock_.set(far, clock_.now() + 1h);
  for (int i = 0; i < 100; ++i) {
    clock_.set(bell(), clock_.now() + 2h);
    clock_.set(bell(), clock_.now());  // earlier than all others
    tasks_.next().run();
    ASSERT_LE(clock_.timers(), 2U);
  }
  EXPECT_EQ(rung_.size(), 100U);
}

TEST_F(ReactorClockTest, WhenTheReactorIsStoppedNothingRings) {
  Bell& a = bell();
  clock_.set(a, clock_.now() + 1h);
  reactor_.reset();
  EXPECT_TRUE(tasks_.empty());
  EXPECT_TRUE(clock_.cancel(a));
}

}  // namespace
}  // namespace weir::test
