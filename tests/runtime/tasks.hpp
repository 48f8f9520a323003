#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "runtime/executor.hpp"

namespace weir::test {

/// Tasks for the test's own thread. From any thread; one takes them.
class Tasks final : public runtime::Executor {
 public:
  void execute(Task& task) noexcept override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(&task);
    came_.notify_one();
  }
  /// Waits for one.
  Task& next() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return !tasks_.empty(); });
    Task& task = *tasks_.front();
    tasks_.pop_front();
    return task;
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return tasks_.empty();
  }
  void run_all() {
    while (!empty()) next().run();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Task*> tasks_;
};

}  // namespace weir::test
