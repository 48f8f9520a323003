#pragma once

/// A thread for what is short and comes from outside, one thing at a time.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/executor.hpp"

namespace weir::runtime {

/// Runs short tasks on a thread of its own, and the others on the workers.
///
/// oneTBB wakes all of its workers for a single task, and each looks for more about a hundred
/// times before it sleeps: 0.3 ms of CPU for an event that takes a microsecond to handle. This
/// thread sleeps on a condition variable.
class Hand final : public Executor {
 public:
  explicit Hand(Executor& workers);
  ~Hand();
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  void execute(Task& task) noexcept override;

  /// Returns when all that was given to it before is over.
  void drain();

 private:
  using Time = std::chrono::steady_clock;

  void work();

  Executor& workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable drained_;
  std::vector<Task*> tasks_;
  std::size_t at_ = 0;        // the next of them
  Time::time_point began_{};  // the task in hand
  bool is_busy_ = false;
  bool ending_ = false;
  std::thread thread_;  // the last member: it uses the others
};

/// Whether the calling thread may work on what it brings, instead of waking workers for it: it is a
/// Hand, or a source that has waited for its item, while nothing else is under way.
class WorksItself {
 public:
  static bool may() noexcept { return depth_ > 0 && depth_ < kDeepest; }

  explicit WorksItself(bool may) noexcept : before_(depth_) { depth_ = may ? depth_ + 1 : 0; }
  ~WorksItself() { depth_ = before_; }
  WorksItself(const WorksItself&) = delete;
  WorksItself& operator=(const WorksItself&) = delete;

 private:
  static constexpr int kDeepest = 32;
  static thread_local int depth_;
  const int before_;
};

}  // namespace weir::runtime
