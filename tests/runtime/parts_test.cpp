// The small parts of the runtime, each alone.

#include <atomic>
#include <gtest/gtest.h>
#include <latch>

#include "runtime/accounts.hpp"
#include "runtime/batch_sizer.hpp"
#include "runtime/cpus.hpp"
#include "runtime/permit.hpp"
#include "runtime/thread_pool.hpp"

namespace weir::runtime {
namespace {

class CountingGate final : public Gate {
 public:
  void give_back() noexcept override { ++given_back; }
  int given_back = 0;
};

TEST(Permit, GoesBackOnceHoweverItIsMoved) {
  CountingGate gate;
  {
    Permit first(&gate);
    Permit second(std::move(first));
    Permit third;
    third = std::move(second);
    EXPECT_EQ(gate.given_back, 0);
  }
  EXPECT_EQ(gate.given_back, 1);
}

TEST(Permit, GoesBackWhenAnotherTakesItsPlace) {
  CountingGate gate;
  Permit permit(&gate);
  permit = Permit(&gate);
  EXPECT_EQ(gate.given_back, 1);
  permit.give_back();
  permit.give_back();
  EXPECT_EQ(gate.given_back, 2);
}

TEST(Accounts, BalanceWhenEveryItemHasEnded) {
  Accounts accounts(3, Accounts::Peaks::exact);
  const Shard own{1, true};
  const Shard shared{2, false};
  accounts.arrive(own, 10);
  EXPECT_FALSE(accounts.read().balanced());
  accounts.begin(own, 4);
  accounts.begin(shared, 2);
  accounts.end(own, 3, 1, 0, 50);
  accounts.end(shared, 2, 0, 0, 50);
  accounts.leave({0, true}, 0, 4);
  const Counts counts = accounts.read();
  EXPECT_TRUE(counts.balanced());
  EXPECT_EQ(counts.done, 5);
  EXPECT_EQ(counts.failed, 1);
  EXPECT_EQ(counts.cancelled, 4);
  EXPECT_EQ(counts.peak_running, 2);
  EXPECT_EQ(counts.peak_waiting, 10);
  EXPECT_DOUBLE_EQ(counts.busy_seconds, 100e-9);
}

TEST(BatchSizer, StartsAtOneAndGrowsFourfoldAtMost) {
  BatchSizer sizer;
  EXPECT_EQ(sizer.size(), 1U);
  sizer.returned(1, 10);
  EXPECT_EQ(sizer.size(), 4U);
  sizer.returned(4, 40);
  EXPECT_EQ(sizer.size(), 16U);
}

TEST(BatchSizer, SettlesWhereATaskTakesFiftyMicroseconds) {
  BatchSizer sizer;
  for (int i = 0; i < 20; ++i) sizer.returned(sizer.size(), sizer.size() * 1000);
  EXPECT_EQ(sizer.size(), 50U);
}

TEST(BatchSizer, StaysAtOneForSlowItems) {
  BatchSizer sizer;
  for (int i = 0; i < 20; ++i) sizer.returned(1, 5'000'000);
  EXPECT_EQ(sizer.size(), 1U);
}

TEST(BatchSizer, GrowsOnlyWhenABatchOfThePresentSizeHasReturned) {
  BatchSizer sizer;
  sizer.returned(1, 10);
  sizer.returned(1, 10);
  sizer.returned(1, 10);
  EXPECT_EQ(sizer.size(), 4U);
}

TEST(BatchSizer, ShrinksWhenItemsGetSlow) {
  BatchSizer sizer;
  for (int i = 0; i < 20; ++i) sizer.returned(sizer.size(), sizer.size() * 10);
  EXPECT_EQ(sizer.size(), BatchSizer::kLargest);
  sizer.returned(BatchSizer::kLargest, 1'000'000'000);
  EXPECT_EQ(sizer.size(), 1U);
}

TEST(BatchSizer, LearnsNothingFromBatchesThatNobodyWorkedOn) {
  BatchSizer sizer;
  sizer.returned(1, 0);
  EXPECT_EQ(sizer.size(), 1U);
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
  ThreadPool pool(3);
  std::latch together(3);
  std::latch done(3);
  for (int i = 0; i < 3; ++i) {
    pool.execute([&] {
      together.arrive_and_wait();  // ends only if all three are there
      done.count_down();
    });
  }
  done.wait();
}

TEST(ThreadPool, RunsEverythingThatItIsGivenBeforeItEnds) {
  std::atomic<int> ran{0};
  {
    ThreadPool pool(2);
    for (int i = 0; i < 1000; ++i) pool.execute([&] { ++ran; });
  }
  EXPECT_EQ(ran.load(), 1000);
}

TEST(AvailableCpus, IsAtLeastOne) { EXPECT_GE(available_cpus(), 1); }

}  // namespace
}  // namespace weir::runtime
