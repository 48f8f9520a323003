#pragma once

/// Finds the size of a source's batches from what comes back.

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace weir::runtime {

/// The size is such that the longest task that a batch's items take is about `kTaskNs`: then
/// oneTBB's cost of a message is small beside it, and work still spreads over the cores. It starts
/// at 1, so that a few slow items are never held together, and grows fourfold at most, and only
/// when a batch of the present size has come back.
///
/// `size` is called by the source, `returned` from any thread.
class BatchSizer {
 public:
  static constexpr std::int64_t kTaskNs = 50'000;
  static constexpr std::uint32_t kLargest = 4096;
  static constexpr std::int64_t kHopNs = 150;

  /// `fixed`: always that size; 0: found, but no larger than `largest`.
  explicit BatchSizer(std::uint32_t fixed = 0, std::uint32_t largest = kLargest)
      : is_fixed_(fixed != 0),
        largest_(std::min(largest, kLargest)),
        size_(fixed == 0 ? 1 : std::min(fixed, largest)) {}

  std::uint32_t size() const { return size_.load(std::memory_order_relaxed); }

  /// Whether a batch takes less, at each node, than a message of oneTBB's from one node to the next
  /// does: the last one did.
  bool is_cheap() const { return is_cheap_.load(std::memory_order_relaxed); }

  /// A batch of `items` has been worked through; its longest task took `longest_ns` (0: it had
  /// none).
  void returned(std::int64_t items, std::int64_t longest_ns) {
    if (longest_ns > 0 && (longest_ns < kHopNs) != is_cheap()) {
      is_cheap_.store(longest_ns < kHopNs, std::memory_order_relaxed);
    }
    std::uint32_t now = size();
    if (is_fixed_ || longest_ns <= 0) return;
    const std::int64_t ideal = std::clamp<std::int64_t>(kTaskNs * items / longest_ns, 1, largest_);
    std::uint32_t next = now;
    if (ideal > now) {
      if (items < now) return;
      next = static_cast<std::uint32_t>(std::min<std::int64_t>(ideal, std::int64_t{now} * 4));
    } else if (items >= now) {
      next = static_cast<std::uint32_t>(ideal);
    }
    size_.compare_exchange_strong(now, next, std::memory_order_relaxed);
  }

 private:
  const bool is_fixed_;
  const std::uint32_t largest_;
  std::atomic<std::uint32_t> size_;
  std::atomic<bool> is_cheap_{false};
};

}  // namespace weir::runtime
