#pragma once

/// Finds tasks that turn out long, so that they hand back what they have not begun.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "runtime/accounts.hpp"

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
    Shard shard;                         ///< where it counts

    /// By the thread itself, around its tasks, which nest. `start` gives what `end` wants.
    std::int64_t start(Clock::time_point at) {
      const std::int64_t before = began.load(std::memory_order_relaxed);
      yield.store(false, std::memory_order_relaxed);
      began.store(at.time_since_epoch().count(), std::memory_order_relaxed);
      return before;
    }
    void end(std::int64_t before) {
      began.store(before, std::memory_order_relaxed);
      yield.store(false, std::memory_order_relaxed);
    }
  };

  /// So many threads, those that come first, count in shards of their own.
  explicit Watch(unsigned own_shards);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// The calling thread's.
  Slot& slot() {
    thread_local Known known;
    if (known.of != id_) known = {id_, &make_slot()};
    return *known.slot;
  }
  Shard shard() { return slot().shard; }
  /// How many shards there are, the one that is shared included.
  unsigned shards() const { return own_shards_ + 1; }
  /// A task with more than one item has begun. Costs a load, mostly.
  void notice() {
    if (!awake_.load(std::memory_order_relaxed)) wake();
  }
  /// Every task in hand is to hand back what it has not begun, and so is every later one.
  void ask_all_to_yield();

 private:
  struct Known {
    std::uint64_t of = 0;
    Slot* slot = nullptr;
  };

  Slot& make_slot();
  void wake();
  void look();
  bool look_once();

  const unsigned own_shards_;
  const std::uint64_t id_;  // a thread's slot may be of an earlier watch
  std::atomic<bool> awake_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;
  bool all_yield_ = false;
  bool ending_ = false;
  std::thread thread_;  // started when it is first needed
};

}  // namespace weir::runtime
