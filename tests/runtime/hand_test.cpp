// The thread for what is short.

#include "runtime/hand.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <latch>
#include <thread>
#include <vector>

namespace weir::test {
namespace {

using runtime::Executor;
using runtime::Hand;

class Function final : public Executor::Task {
 public:
  explicit Function(std::function<void()> what, bool is_short = true)
      : what_(std::move(what)), is_short_(is_short) {}
  void run() noexcept override { what_(); }
  bool is_short() const noexcept override { return is_short_; }

 private:
  const std::function<void()> what_;
  const bool is_short_;
};

/// Just keeps what it is given.
class Workers final : public Executor {
 public:
  void execute(Task& task) noexcept override { tasks.push_back(&task); }
  std::vector<Task*> tasks;
};

TEST(Hand, RunsTasksInTheirOrderOnAThreadOfItsOwn) {
  Workers workers;
  Hand hand(workers);
  std::vector<int> ran;
  std::vector<std::thread::id> threads;
  std::latch begin(1);
  std::deque<Function> tasks;
  tasks.emplace_back([&] { begin.wait(); });
  for (int i = 0; i < 100; ++i) {
    tasks.emplace_back([&, i] {
      ran.push_back(i);
      threads.push_back(std::this_thread::get_id());
    });
  }
  // All of them wait, unless the first turns out long: then they are the workers', in their order.
  for (Function& task : tasks) hand.execute(task);
  begin.count_down();
  hand.drain();
  const std::size_t by_hand = ran.size();
  for (Executor::Task* const task : workers.tasks) task->run();
  EXPECT_EQ(ran.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(std::count(ran.begin(), ran.end(), i), 1);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.begin() + static_cast<std::ptrdiff_t>(by_hand)));
  for (std::size_t i = 0; i < by_hand; ++i) EXPECT_NE(threads[i], std::this_thread::get_id());
}

TEST(Hand, GivesWhatIsNotShortToTheWorkers) {
  Workers workers;
  Hand hand(workers);
  Function task([] { ADD_FAILURE(); }, false);
  hand.execute(task);
  hand.drain();
  EXPECT_EQ(workers.tasks, std::vector<Executor::Task*>{&task});
}

TEST(Hand, GivesWhatWaitsBehindALongTaskToTheWorkers) {
  Workers workers;
  Hand hand(workers);
  std::latch has_begun(1);
  std::latch end(1);
  Function task([&] {
    has_begun.count_down();
    end.wait();
  });
  Function behind([] { ADD_FAILURE(); });
  Function last([] { ADD_FAILURE(); });
  hand.execute(task);
  has_begun.wait();
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(2)) {
  }
  hand.execute(behind);
  hand.execute(last);
  end.count_down();
  hand.drain();
  EXPECT_EQ(workers.tasks, (std::vector<Executor::Task*>{&behind, &last}));
}

TEST(Hand, TasksMayBringOthers) {
  Workers workers;
  Hand hand(workers);
  std::atomic<int> left{1000};
  std::function<void()> again;
  Function task([&] { again(); });
  again = [&] {
    if (--left > 0) hand.execute(task);
  };
  hand.execute(task);
  // One that is interrupted for long passes the next one on.
  for (;;) {
    hand.drain();
    if (workers.tasks.empty()) break;
    Executor::Task* const late = workers.tasks.back();
    workers.tasks.clear();
    late->run();
  }
  EXPECT_EQ(left, 0);
}

TEST(Hand, RunsWhatItHasBeenGivenBeforeItEnds) {
  Workers workers;
  std::atomic<int> ran{0};
  std::deque<Function> tasks;
  {
    Hand hand(workers);
    for (int i = 0; i < 1000; ++i) hand.execute(tasks.emplace_back([&] { ++ran; }));
  }
  EXPECT_EQ(ran + static_cast<int>(workers.tasks.size()), 1000);
}

TEST(Hand, SaysThatItMayWorkOnWhatItBrings) {
  using runtime::WorksItself;
  Workers workers;
  WorksItself::Who who = WorksItself::Who::nobody;
  WorksItself::Who deep = WorksItself::Who::outsider;
  Function task([&] {
    who = WorksItself::who();
    std::deque<WorksItself::Deeper> deeper(16);
    deep = WorksItself::who();
  });
  {
    Hand hand(workers);
    hand.execute(task);
  }
  EXPECT_EQ(who, WorksItself::Who::outsider);
  EXPECT_EQ(deep, WorksItself::Who::nobody);
  EXPECT_EQ(WorksItself::who(), WorksItself::Who::nobody);
}

}  // namespace
}  // namespace weir::test
