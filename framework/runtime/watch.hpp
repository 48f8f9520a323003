#pragma once

/// Finds tasks that turn out long, so that they hand back what they have not begun.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

namespace weir::runtime {

/// Looks every millisecond at what each thread is at, as long as any works on a batch; asleep
/// otherwise. A clock reading at every item would cost more than the item.
class Watch {
 public:
  using Clock = std::chrono::steady_clock;

  /// What one thread is at. Written by it, but for `yield`.
  struct alignas(64) Slot {
    std::atomic<std::int64_t> began{0};  ///< of the task in hand, on Clock; 0: none
    std::atomic<bool> yield{false};      ///< the task in hand has been long
  };

  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// The calling thread's.
  Slot& slot();
  /// A task with more than one item has begun. Costs a load, mostly.
  void notice() {
    if (!awake_.load(std::memory_order_relaxed)) wake();
  }
  /// Every task in hand is to hand back what it has not begun, and so is every later one.
  void ask_all_to_yield();

 private:
  void wake();
  void look();
  bool look_once();

  const std::uint64_t id_;  // a thread's slot may be of an earlier watch
  std::atomic<bool> awake_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;
  bool all_yield_ = false;
  bool ending_ = false;
  std::thread thread_;  // started when it is first needed
};

/// The calling thread works on something, from now to the end of the scope. Nests.
class Watched {
 public:
  Watched(Watch& watch, Watch::Clock::time_point began) : slot_(watch.slot()) {
    before_ = slot_.began.load(std::memory_order_relaxed);
    slot_.yield.store(false, std::memory_order_relaxed);
    slot_.began.store(began.time_since_epoch().count(), std::memory_order_relaxed);
  }
  ~Watched() {
    slot_.began.store(before_, std::memory_order_relaxed);
    slot_.yield.store(false, std::memory_order_relaxed);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  std::atomic<bool>& yield() { return slot_.yield; }

 private:
  Watch::Slot& slot_;
  std::int64_t before_;
};

}  // namespace weir::runtime
