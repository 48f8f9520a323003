#pragma once

/// Tasks of nodes that compute, by samples, for whoever wants to see later what the workers did.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "compile/plan.hpp"

namespace weir::runtime {

/// From any thread. Of tasks that take less than a millisecond, at most one is noted in each
/// `spacing`; longer ones are, as long as there is room.
class BatchLog {
 public:
  using Clock = std::chrono::steady_clock;

  struct Span {
    std::uint32_t node = 0;  ///< index into the plan's nodes
    unsigned worker = 0;
    Clock::time_point began;
    std::int64_t busy_ns = 0;
    std::uint32_t items = 0;
  };

  /// The plan must outlive it.
  explicit BatchLog(const compile::Plan& plan) : plan_(plan) {}

  void note(const compile::PlannedNode& node, unsigned worker, Clock::time_point began,
            std::int64_t busy_ns, std::uint32_t items) noexcept;
  /// Takes out what there is.
  std::vector<Span> take();
  void set_spacing(std::chrono::nanoseconds spacing) { spacing_ns_ = spacing.count(); }

 private:
  static constexpr std::int64_t kLongNs = 1'000'000;
  static constexpr std::size_t kMost = 1000;  // that wait to be taken

  const compile::Plan& plan_;
  std::atomic<std::int64_t> spacing_ns_{1'000'000};
  std::atomic<std::int64_t> next_{0};  // when a short one is noted again, on Clock
  std::mutex mutex_;
  std::vector<Span> spans_;
};

}  // namespace weir::runtime
