#pragma once

/// What came to a node and what became of it.

#include <algorithm>
#include <atomic>
#include <cstdint>

#include <weir/summary.hpp>

namespace weir::runtime {

/// Raises `peak` to `value`.
inline void raise(std::atomic<std::int64_t>& peak, std::int64_t value) {
  std::int64_t before = peak.load(std::memory_order_relaxed);
  while (before < value && !peak.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
  }
}

/// Every item that arrives ends exactly once: done, failed or cancelled. Safe from any thread.
class Accounts {
 public:
  void arrive(std::int64_t items) {
    const std::int64_t in = in_.fetch_add(items, std::memory_order_relaxed) + items;
    raise(peak_waiting_, in - begun_.load(std::memory_order_relaxed));
  }
  /// They wait no more: work on them begins, one at a time.
  void begin(std::int64_t items) {
    begun_.fetch_add(items, std::memory_order_relaxed);
    tasks_.fetch_add(1, std::memory_order_relaxed);
    raise(peak_running_, running_.fetch_add(1, std::memory_order_relaxed) + 1);
  }
  void end(std::int64_t done, std::int64_t failed, std::int64_t cancelled, std::int64_t busy_ns) {
    running_.fetch_sub(1, std::memory_order_relaxed);
    if (done != 0) done_.fetch_add(done, std::memory_order_relaxed);
    if (failed != 0) failed_.fetch_add(failed, std::memory_order_relaxed);
    if (cancelled != 0) cancelled_.fetch_add(cancelled, std::memory_order_relaxed);
    busy_ns_.fetch_add(busy_ns, std::memory_order_relaxed);
  }
  /// Items of those that began wait again: they were handed back.
  void put_back(std::int64_t items) { begun_.fetch_sub(items, std::memory_order_relaxed); }
  /// They leave without any work: cancelled while they waited, or passed on by a queue.
  void leave(std::int64_t done, std::int64_t cancelled) {
    begun_.fetch_add(done + cancelled, std::memory_order_relaxed);
    if (done != 0) done_.fetch_add(done, std::memory_order_relaxed);
    if (cancelled != 0) cancelled_.fetch_add(cancelled, std::memory_order_relaxed);
  }
  /// A batch of a source.
  void make(std::int64_t items) {
    arrive(items);
    leave(items, 0);
    tasks_.fetch_add(1, std::memory_order_relaxed);
  }
  void give_out(std::int64_t items) { out_.fetch_add(items, std::memory_order_relaxed); }

  Counts read() const {
    Counts counts;
    counts.in = in_.load(std::memory_order_relaxed);
    counts.out = out_.load(std::memory_order_relaxed);
    counts.done = done_.load(std::memory_order_relaxed);
    counts.failed = failed_.load(std::memory_order_relaxed);
    counts.cancelled = cancelled_.load(std::memory_order_relaxed);
    counts.running = running_.load(std::memory_order_relaxed);
    counts.peak_running = peak_running_.load(std::memory_order_relaxed);
    counts.peak_waiting = std::max<std::int64_t>(0, peak_waiting_.load(std::memory_order_relaxed));
    counts.batches = tasks_.load(std::memory_order_relaxed);
    counts.busy_seconds = static_cast<double>(busy_ns_.load(std::memory_order_relaxed)) * 1e-9;
    return counts;
  }

 private:
  // Written by those who bring items, and by those who take them: apart, so that they don't share a
  // cache line.
  alignas(64) std::atomic<std::int64_t> in_{0};
  std::atomic<std::int64_t> peak_waiting_{0};
  alignas(64) std::atomic<std::int64_t> begun_{0};
  std::atomic<std::int64_t> running_{0};
  std::atomic<std::int64_t> peak_running_{0};
  std::atomic<std::int64_t> done_{0};
  std::atomic<std::int64_t> failed_{0};
  std::atomic<std::int64_t> cancelled_{0};
  std::atomic<std::int64_t> tasks_{0};
  std::atomic<std::int64_t> busy_ns_{0};
  std::atomic<std::int64_t> out_{0};
};

}  // namespace weir::runtime
