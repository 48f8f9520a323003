#pragma once

/// How long a source is waited for.

#include <chrono>
#include <cstdint>

namespace weir::abi {

/// A source that turns out slow gives out what it has, rather than fill its batch.
class Patience {
 public:
  /// Looks at the clock at calls 2, 4, 8, … only: it costs as much as making some items.
  bool is_over() {
    ++calls_;
    if (calls_ == 1 || (calls_ & (calls_ - 1)) != 0) return false;
    if (calls_ == 2) {
      began_ = std::chrono::steady_clock::now();
      return false;
    }
    return std::chrono::steady_clock::now() - began_ > std::chrono::milliseconds(1);
  }

 private:
  std::uint32_t calls_ = 0;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace weir::abi
