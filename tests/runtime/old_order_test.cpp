#include "runtime/old_order.hpp"

#include <algorithm>
#include <deque>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <set>
#include <thread>

#include "support.hpp"
#include "tasks.hpp"
#include "virtual_clock.hpp"

namespace weir::test {
namespace {

using runtime::OldOrder;

/// `count` items that ended in the order of their numbers, though their rows stand otherwise.
class OldOrderTest : public testing::Test {
 protected:
  void make(std::size_t count) {
    rows_.resize(count);
    waiters_.resize(count);
    std::vector<const journal::Row*> rows;
    for (std::size_t i = 0; i < count; ++i) {
      rows_[i].ended_ns = static_cast<std::int64_t>(i);
      waiters_[i].number = i;
      waiters_[i].of = this;
      rows.push_back(&rows_[i]);
    }
    std::shuffle(rows.begin(), rows.end(), random_);
    order_.emplace(
        std::move(rows),
        OldOrder::Asks{[this](const journal::Row& row) {
                         const std::lock_guard lock(mutex_);
                         return !not_awaited_.contains(number_of(row));
                       },
                       [this](std::size_t items) { return has_ended_ && items == open_.load(); }},
        clock_, executor_);
  }
  std::size_t number_of(const journal::Row& row) const {
    return static_cast<std::size_t>(*row.ended_ns);
  }
  void is_done_again(std::size_t number) {
    {
      const std::lock_guard lock(mutex_);
      not_awaited_.insert(number);
    }
    order_->look();
  }
  void come(std::size_t number) { order_->come(rows_[number], waiters_[number]); }
  void pass_time() {
    while (clock_.advance_to_next()) executor_.run_all();
  }

  struct Waiter final : OldOrder::Waiter {
    void has_turn() noexcept override {
      of->turns_.push_back(number);
      --of->open_;
    }
    std::size_t number = 0;
    OldOrderTest* of = nullptr;
  };

  std::mt19937 random_{1};
  std::deque<journal::Row> rows_;
  std::deque<Waiter> waiters_;
  VirtualClock clock_;
  Tasks executor_;
  std::mutex mutex_;
  std::set<std::size_t> not_awaited_;
  std::atomic<std::size_t> open_{1000};
  bool has_ended_ = false;
  std::vector<std::size_t> turns_;  // in the order in which they were had
  std::optional<OldOrder> order_;
};

using Turns = std::vector<std::size_t>;

TEST_F(OldOrderTest, IsThatInWhichTheyEnded) {
  make(4);
  come(2);
  come(1);
  EXPECT_EQ(turns_, Turns());
  come(0);
  EXPECT_EQ(turns_, (Turns{0, 1, 2}));
  come(3);
  EXPECT_EQ(turns_, (Turns{0, 1, 2, 3}));
}

TEST_F(OldOrderTest, DoesNotWaitForWhatIsDoneAgainOrNotAwaited) {
  make(4);
  not_awaited_ = {1};
  come(2);
  EXPECT_EQ(turns_, Turns());
  is_done_again(0);
  executor_.run_all();
  EXPECT_EQ(turns_, (Turns{2}));
}

TEST_F(OldOrderTest, DoesNotWaitIfNothingElseCanCome) {
  make(4);
  open_ = 2;
  come(3);
  come(1);
  EXPECT_EQ(turns_, Turns());
  has_ended_ = true;
  order_->look();
  EXPECT_EQ(turns_, Turns()) << "not in the hands of whoever says so";
  executor_.run_all();
  EXPECT_EQ(turns_, (Turns{1, 3}));
}

TEST_F(OldOrderTest, DoesNotWaitForLong) {
  make(5);
  come(3);
  clock_.advance(OldOrder::kPatience / 2);
  come(1);
  clock_.advance(OldOrder::kPatience * 3 / 4);
  executor_.run_all();
  EXPECT_EQ(turns_, Turns()) << "counted from the last one that came";
  pass_time();
  EXPECT_EQ(turns_, (Turns{1, 3}));
  come(0);  // late: at once
  EXPECT_EQ(turns_, (Turns{1, 3, 0}));
  come(4);
  EXPECT_EQ(turns_, (Turns{1, 3, 0, 4}));
}

TEST_F(OldOrderTest, NobodyWaitsWhenItIsStopped) {
  make(3);
  come(2);
  order_->stop();
  EXPECT_EQ(turns_, (Turns{2}));
  EXPECT_EQ(clock_.alarms(), 0U);
  come(1);
  EXPECT_EQ(turns_, (Turns{2, 1}));
  EXPECT_EQ(clock_.alarms(), 0U);
}

/// Whatever comes, each has one turn in the end; and if all come, in order.
TEST_F(OldOrderTest, EveryoneHasOneTurnWhateverComes) {
  for (int seed = 1; seed <= seeds(300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    random_.seed(static_cast<unsigned>(seed));
    const auto below = [&](std::size_t bound) { return random_() % bound; };
    turns_.clear();
    not_awaited_.clear();
    const std::size_t count = 1 + below(60);
    const bool all_come = below(2) == 0;
    make(count);
    Turns coming;
    std::set<std::size_t> again;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t fate = all_come ? 3 : below(8);
      if (fate == 0) again.insert(i);
      if (fate == 1) not_awaited_.insert(i);
      if (fate > 2) coming.push_back(i);
    }
    std::shuffle(coming.begin(), coming.end(), random_);
    open_ = coming.size() + again.size() + 1;
    has_ended_ = true;
    const bool is_stopped = below(8) == 0;
    std::vector<std::thread> threads;
    std::atomic<std::size_t> next{0};
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&] {
        for (std::size_t i = next++; i < coming.size(); i = next++) come(coming[i]);
      });
    }
    for (const std::size_t number : again) {
      --open_;
      is_done_again(number);
    }
    if (is_stopped) order_->stop();
    for (std::thread& thread : threads) thread.join();
    --open_;
    order_->look();
    executor_.run_all();
    EXPECT_EQ(turns_.size(), coming.size());
    Turns in_order = coming;
    std::sort(in_order.begin(), in_order.end());
    if (all_come && !is_stopped) {
      EXPECT_EQ(turns_, in_order);
    }
    std::sort(turns_.begin(), turns_.end());
    EXPECT_EQ(turns_, in_order);
    order_->stop();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace weir::test
