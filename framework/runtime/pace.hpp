#pragma once

#include <atomic>
#include <cstdint>

namespace weir::runtime {

/// Whether something takes long: the last two times, so that one interruption by the system is not
/// taken for it. Safe from any thread; written only when it changes.
class Pace {
 public:
  bool is_long() const noexcept { return count_.load(std::memory_order_relaxed) >= kSure; }
  void note(bool was_long) noexcept {
    const std::uint8_t count = count_.load(std::memory_order_relaxed);
    const auto now = static_cast<std::uint8_t>(!was_long ? 0 : count < kSure ? count + 1 : kSure);
    if (now != count) count_.store(now, std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint8_t kSure = 2;
  std::atomic<std::uint8_t> count_{0};
};

}  // namespace weir::runtime
