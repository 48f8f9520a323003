#pragma once

/// The state that all parts of a run share: whether it goes on, and what is still under way.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/reactor.hpp"
#include "runtime/observer.hpp"
#include "runtime/watch.hpp"

namespace weir::runtime {

class BatchLog;

class Control {
 public:
  /// `threads`: how many of them work.
  Control(Observer& observer, io::Reactor& reactor, int threads);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  Observer& observer() const { return observer_; }
  io::Reactor& reactor() const { return reactor_; }
  Watch& watch() { return watch_; }
  /// Where the calling thread counts.
  Shard shard() { return watch_.shard(); }

  /// Where tasks of nodes that compute are noted; null: nowhere. To be set before anything begins.
  BatchLog* batch_log() const { return batch_log_; }
  void set_batch_log(BatchLog* log) { batch_log_ = log; }

  // What is under way: each source until it ends, each ticket until it is returned.

  void work_begins() { under_way_.fetch_add(1, std::memory_order_relaxed); }
  void work_ends() noexcept;
  /// Blocks until nothing is under way. The caller sleeps; it takes no part in the work.
  void wait_until_idle();

  // Stopping: sources end, what waits is not begun, what is under way goes on to its end; unless it
  // is cut off.

  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }
  /// Because of a signal.
  void stop(int signal) noexcept;
  /// Because too many items of a node have failed.
  void give_up(std::string_view node, std::string_view reason) noexcept;
  /// Ends what is under way outside: commands and timers.
  void cut_off() noexcept;
  /// Because weir can't do its work. `node` may be empty.
  void fail(std::string_view node, std::string_view error) noexcept;

  /// Called once, by whoever stops the run, to see to it that nothing that waits is begun. To be
  /// set before anything begins, and to be cleared before what it uses goes: then it is under way
  /// no more.
  void on_stop(std::function<void()> stopped) {
    const std::lock_guard lock(stop_mutex_);
    on_stop_ = std::move(stopped);
  }

  /// The first signal, or 0.
  int signal() const { return signal_.load(); }
  std::vector<std::string> errors() const;

  /// Some items were not asked for, and have come to no end, or were, and have not come: what sinks
  /// have got is not all.
  void leave_out() noexcept { leaves_out_.store(true, std::memory_order_relaxed); }
  bool leaves_out() const { return leaves_out_.load(std::memory_order_relaxed); }

  bool is_cut_off() const { return cut_off_.load(std::memory_order_relaxed); }

  /// Becomes readable when the run is being stopped.
  int stop_descriptor() const { return stop_descriptor_; }

 private:
  void stop_work() noexcept;

  Observer& observer_;
  io::Reactor& reactor_;
  int stop_descriptor_;
  Watch watch_;
  BatchLog* batch_log_ = nullptr;
  std::atomic<std::int64_t> under_way_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> cut_off_{false};
  std::atomic<bool> leaves_out_{false};
  std::atomic<int> signal_{0};
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::mutex stop_mutex_;
  std::function<void()> on_stop_;
  std::vector<std::string> errors_;
  std::vector<std::string> failed_nodes_;
};

}  // namespace weir::runtime
