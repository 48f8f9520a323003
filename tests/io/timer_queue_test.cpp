#include "io/timer_queue.hpp"

#include "support.hpp"

namespace weir::io::test {
namespace {

struct Recorder final : Timer {
  void complete(bool cancelled) noexcept override {
    order->push_back(cancelled ? -number : number);
    if (order->size() == expected) loop->stop();
  }
  int number = 0;
  std::vector<int>* order = nullptr;
  std::size_t expected = 0;
  Loop* loop = nullptr;
};

class TimerQueueTest : public testing::Test {
 protected:
  /// A timer for each deadline, in milliseconds from now; numbered from 1.
  void add(const std::vector<int>& deadlines) {
    const Clock::time_point base = Clock::now();
    timers_.resize(deadlines.size());
    for (std::size_t i = 0; i < deadlines.size(); ++i) {
      timers_[i].number = static_cast<int>(i) + 1;
      timers_[i].order = &order_;
      timers_[i].expected = deadlines.size();
      timers_[i].loop = &loop_;
      queue_.add(timers_[i], base + std::chrono::milliseconds(deadlines[i]));
    }
  }

  Loop loop_;
  TimerQueue queue_{loop_};
  std::vector<Recorder> timers_;
  std::vector<int> order_;
};

TEST_F(TimerQueueTest, CompletesInTheOrderOfTheDeadlines) {
  add({30, 10, 40, 20, -5});
  queue_.run_due();
  EXPECT_EQ(order_, std::vector{5});
  loop_.run();
  EXPECT_EQ(order_, (std::vector{5, 2, 4, 1, 3}));
}

TEST_F(TimerQueueTest, CompletesEqualDeadlinesInTheOrderInWhichTheyWereAdded) {
  add({5, 5, 5, 5, 5, 5});
  queue_.run_due();
  loop_.run();
  EXPECT_EQ(order_, (std::vector{1, 2, 3, 4, 5, 6}));
}

TEST_F(TimerQueueTest, CancelsAll) {
  add({3'600'000, 1'800'000});
  queue_.run_due();
  queue_.cancel_all();
  EXPECT_EQ(order_, (std::vector{-2, -1}));
}

}  // namespace
}  // namespace weir::io::test
