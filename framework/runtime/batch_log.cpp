#include "runtime/batch_log.hpp"

#include <utility>

namespace weir::runtime {

void BatchLog::note(const compile::PlannedNode& node, unsigned worker, Clock::time_point began,
                    std::int64_t busy_ns, std::uint32_t items) noexcept {
  if (busy_ns < kLongNs) {
    const std::int64_t now = std::chrono::nanoseconds(began.time_since_epoch()).count() + busy_ns;
    std::int64_t next = next_.load(std::memory_order_relaxed);
    if (now < next) return;
    const std::int64_t later = now + spacing_ns_.load(std::memory_order_relaxed);
    if (!next_.compare_exchange_strong(next, later, std::memory_order_relaxed)) return;
  }
  const auto index = static_cast<std::uint32_t>(&node - plan_.nodes.data());
  const std::lock_guard lock(mutex_);
  if (spans_.size() >= kMost) return;
  try {
    spans_.push_back({index, worker, began, busy_ns, items});
  } catch (const std::bad_alloc&) {
    // One that nobody will see.
  }
}

std::vector<BatchLog::Span> BatchLog::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(spans_, {});
}

}  // namespace weir::runtime
