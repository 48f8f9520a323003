#pragma once

/// What came to a node and what became of it.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#include <weir/summary.hpp>

namespace weir::runtime {

/// Raises `peak` to `value`.
inline void raise(std::atomic<std::int64_t>& peak, std::int64_t value) {
  std::int64_t before = peak.load(std::memory_order_relaxed);
  while (before < value && !peak.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
  }
}

/// Which of a node's shards a thread counts in. The last one is shared by all threads for which
/// there is none of their own.
struct Shard {
  unsigned number = 0;
  bool is_own = false;
};

/// Every item that arrives ends exactly once: done, failed or cancelled. Safe from any thread.
///
/// Each thread counts in a shard of its own, as a cache line that two cores write to costs more
/// than a trivial item. What needs the sum at any moment, the peaks, is exact where there is a
/// limit or a wait, and else taken by samples.
class Accounts {
 public:
  enum class Peaks : std::uint8_t { exact, sampled };

  Accounts(unsigned shards, Peaks peaks)
      : shards_(std::make_unique<Counters[]>(shards)), count_(shards), peaks_(peaks) {}

  void arrive(Shard shard, std::int64_t items) {
    add(shard, &Counters::in, items);
    if (peaks_ == Peaks::exact) {
      raise(peak_waiting_, waiting_.fetch_add(items, std::memory_order_relaxed) + items);
    }
  }
  /// They wait no more: work on them begins, one at a time.
  void begin(Shard shard, std::int64_t items) {
    add(shard, &Counters::tasks, 1);
    if (peaks_ == Peaks::exact) {
      waiting_.fetch_sub(items, std::memory_order_relaxed);
      raise(peak_running_, running_.fetch_add(1, std::memory_order_relaxed) + 1);
    } else {
      add(shard, &Counters::begun, items);
      add(shard, &Counters::running, 1);
    }
  }
  void end(Shard shard, std::int64_t done, std::int64_t failed, std::int64_t cancelled,
           std::int64_t busy_ns) {
    if (peaks_ == Peaks::exact) {
      running_.fetch_sub(1, std::memory_order_relaxed);
    } else {
      add(shard, &Counters::running, -1);
    }
    count(shard, done, failed, cancelled);
    add(shard, &Counters::busy_ns, busy_ns);
  }
  /// One that began, where peaks are exact, waits again: for its next attempt.
  void suspend(Shard shard, std::int64_t busy_ns) {
    running_.fetch_sub(1, std::memory_order_relaxed);
    waiting_.fetch_add(1, std::memory_order_relaxed);
    add(shard, &Counters::busy_ns, busy_ns);
  }
  /// One that was suspended has its next attempt.
  void retry() { retried_.fetch_add(1, std::memory_order_relaxed); }
  /// One that began, where peaks are exact, waits until something can be begun for it; and goes on,
  /// or comes to its end.
  void hold_back() {
    running_.fetch_sub(1, std::memory_order_relaxed);
    waiting_.fetch_add(1, std::memory_order_relaxed);
  }
  void go_on(bool is_to_end) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    const std::int64_t running = running_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (!is_to_end) raise(peak_running_, running);
  }
  /// Items of those that began wait again: they were handed back.
  void put_back(Shard shard, std::int64_t items) {
    if (peaks_ == Peaks::exact) {
      waiting_.fetch_add(items, std::memory_order_relaxed);
    } else {
      add(shard, &Counters::begun, -items);
    }
  }
  /// They leave without any work: cancelled while they waited, or passed on by a queue.
  void leave(Shard shard, std::int64_t done, std::int64_t cancelled) {
    if (peaks_ == Peaks::exact) {
      waiting_.fetch_sub(done + cancelled, std::memory_order_relaxed);
    } else {
      add(shard, &Counters::begun, done + cancelled);
    }
    count(shard, done, 0, cancelled);
  }
  /// A batch of a source.
  void make(Shard shard, std::int64_t items) {
    add(shard, &Counters::in, items);
    add(shard, &Counters::begun, items);
    add(shard, &Counters::done, items);
    add(shard, &Counters::tasks, 1);
  }
  void give_out(Shard shard, std::int64_t items) { add(shard, &Counters::out, items); }

  /// Where peaks are sampled: looks what they are now. While its own item is in work.
  void sample() {
    if (peaks_ == Peaks::exact) return;
    raise(peak_running_, sum(&Counters::running));
    raise(peak_waiting_, sum(&Counters::in) - sum(&Counters::begun));
  }

  /// Whether this task is worth two readings of the clock: where the last one that was timed took
  /// next to nothing, one in sixteen is. If not, `busy_ns` is what that one took.
  bool is_to_be_timed(Shard shard, std::int64_t& busy_ns) {
    if (!shard.is_own) return true;
    Counters& own = shards_[shard.number];
    if (own.last_ns >= kNothing || own.untimed == kUntimed) {
      own.untimed = 0;
      return true;
    }
    ++own.untimed;
    busy_ns = own.last_ns;
    return false;
  }
  void timed(Shard shard, std::int64_t busy_ns) {
    if (shard.is_own) shards_[shard.number].last_ns = busy_ns;
  }

  /// How many items wait now.
  std::int64_t waiting() const {
    const std::int64_t items = peaks_ == Peaks::exact ? waiting_.load(std::memory_order_relaxed)
                                                      : sum(&Counters::in) - sum(&Counters::begun);
    return std::max<std::int64_t>(0, items);
  }

  Counts read() const {
    Counts counts;
    counts.in = sum(&Counters::in);
    counts.out = sum(&Counters::out);
    counts.done = sum(&Counters::done);
    counts.failed = sum(&Counters::failed);
    counts.cancelled = sum(&Counters::cancelled);
    counts.retried = retried_.load(std::memory_order_relaxed);
    counts.batches = sum(&Counters::tasks);
    counts.running =
        peaks_ == Peaks::exact ? running_.load(std::memory_order_relaxed) : sum(&Counters::running);
    counts.peak_running = std::max<std::int64_t>(peak_running_.load(std::memory_order_relaxed),
                                                 sum(&Counters::busy_ns) != 0 ? 1 : 0);
    counts.peak_waiting = std::max<std::int64_t>(0, peak_waiting_.load(std::memory_order_relaxed));
    counts.busy_seconds = static_cast<double>(sum(&Counters::busy_ns)) * 1e-9;
    return counts;
  }

 private:
  using Counter = std::atomic<std::int64_t>;

  static constexpr std::int64_t kNothing = 2'000;  // ns: a hundred times what the clock costs
  static constexpr int kUntimed = 15;

  struct alignas(64) Counters {
    Counter in{0};
    Counter begun{0};
    Counter done{0};
    Counter tasks{0};
    Counter busy_ns{0};
    Counter out{0};
    Counter running{0};
    // Of the thread that the shard belongs to.
    std::int64_t last_ns = kNothing;
    int untimed = 0;
    Counter failed{0};
    Counter cancelled{0};
  };

  void add(Shard shard, Counter Counters::*counter, std::int64_t more) {
    Counter& at = shards_[shard.number].*counter;
    if (shard.is_own) {
      at.store(at.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    } else {
      at.fetch_add(more, std::memory_order_relaxed);
    }
  }
  void count(Shard shard, std::int64_t done, std::int64_t failed, std::int64_t cancelled) {
    if (done != 0) add(shard, &Counters::done, done);
    if (failed != 0) add(shard, &Counters::failed, failed);
    if (cancelled != 0) add(shard, &Counters::cancelled, cancelled);
  }
  std::int64_t sum(Counter Counters::*counter) const {
    std::int64_t sum = 0;
    for (unsigned i = 0; i < count_; ++i) {
      sum += (shards_[i].*counter).load(std::memory_order_relaxed);
    }
    return sum;
  }

  std::unique_ptr<Counters[]> shards_;
  const unsigned count_;
  const Peaks peaks_;
  // Of exact peaks: by those who bring items, and by those who take them.
  alignas(64) std::atomic<std::int64_t> waiting_{0};
  std::atomic<std::int64_t> peak_waiting_{0};
  alignas(64) std::atomic<std::int64_t> running_{0};
  std::atomic<std::int64_t> peak_running_{0};
  std::atomic<std::int64_t> retried_{0};
};

}  // namespace weir::runtime
