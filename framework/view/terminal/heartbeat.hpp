#pragma once

/// A sign of life where nothing else is written.

#include <chrono>
#include <cstdint>
#include <string>

#include "runtime/status.hpp"

namespace weir::view {

class Heartbeat {
 public:
  using Point = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPause{10};

  explicit Heartbeat(Point now) : quiet_since_(now) {}

  /// `writes` counts what has been written so far, all but heartbeats. To be asked about once a
  /// second. True: nothing has been for as long as that, and a line is due now.
  bool is_due(Point now, std::uint64_t writes);

 private:
  Point quiet_since_;
  std::uint64_t writes_ = 0;
};

/// One line: how long it takes, what runs and waits, and what holds it back.
std::string heartbeat_line(const runtime::Status& status);

}  // namespace weir::view
