#pragma once

/// A thread for what is short and comes from outside, one thing at a time.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

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
  /// Runs what waits.
  ~Hand();
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  /// In the order in which they came. Behind a task that turns out long (1 ms), what waits goes to
  /// the workers as soon as another one comes.
  void execute(Task& task) noexcept override;

  /// Returns when it has nothing in hand and nothing waits. What it has passed on to the workers
  /// may still run. Not from one of its tasks.
  void drain();

 private:
  using Time = std::chrono::steady_clock;

  void work();

  Executor& workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable drained_;
  std::deque<Task*> tasks_;   // that wait
  Time::time_point began_{};  // the task in hand
  bool is_busy_ = false;
  bool ending_ = false;
  std::thread thread_;  // the last member: it uses the others
};

/// Whether the calling thread may work on what it brings, instead of making a task of it. By an
/// object of this class it says so, for as long as that lives.
class WorksItself {
 public:
  enum class Who : std::uint8_t {
    nobody,    ///< it may not
    worker,    ///< a task of oneTBB's: where no parallel work is lost by it
    outsider,  ///< a Hand, or a source that has waited for its item, while nothing else is under
               ///< way: it would have to wake workers
  };

  explicit WorksItself(Who who) noexcept : before_(now_) { now_ = {who, 0}; }
  ~WorksItself() { now_ = before_; }
  WorksItself(const WorksItself&) = delete;
  WorksItself& operator=(const WorksItself&) = delete;

  /// Who the calling thread is; nobody if it is too deep in such work already.
  static Who who() noexcept { return now_.depth < kDeepest ? now_.who : Who::nobody; }

  /// While it works on what it brings.
  class Deeper {
   public:
    Deeper() noexcept { ++now_.depth; }
    ~Deeper() { --now_.depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
  };

 private:
  struct State {
    Who who = Who::nobody;
    int depth = 0;
  };

  static constexpr int kDeepest = 16;
  static thread_local constinit State now_;
  const State before_;
};

}  // namespace weir::runtime
