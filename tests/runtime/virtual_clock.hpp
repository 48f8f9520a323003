#pragma once

/// Time that goes on only when a test says so.

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "runtime/clock.hpp"

namespace weir::test {

/// Rings alarms on the thread that makes time go on; those of the same time in the order in which
/// they were set. Safe from any thread.
class VirtualClock final : public runtime::Clock {
 public:
  Point now() const noexcept override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  void set(Alarm& alarm, Point at) override {
    const std::lock_guard lock(mutex_);
    alarms_.emplace(std::pair(at, ++last_), &alarm);
  }

  bool cancel(Alarm& alarm) noexcept override {
    const std::lock_guard lock(mutex_);
    const auto place = std::find_if(alarms_.begin(), alarms_.end(),
                                    [&](const auto& set) { return set.second == &alarm; });
    if (place == alarms_.end()) return false;
    alarms_.erase(place);
    return true;
  }

  /// How many alarms are set.
  std::size_t alarms() const {
    const std::lock_guard lock(mutex_);
    return alarms_.size();
  }

  /// Goes on to the next alarm, if it is not later than `end`, and rings it. False: there is none.
  bool advance_to_next(Point end = Point::max()) {
    Alarm* alarm = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (alarms_.empty() || alarms_.begin()->first.first > end) return false;
      now_ = std::max(now_, alarms_.begin()->first.first);
      alarm = alarms_.begin()->second;
      alarms_.erase(alarms_.begin());
    }
    alarm->ring();
    return true;
  }

  /// Goes on by `duration`, and rings what is due until then.
  void advance(Duration duration) {
    const Point end = now() + duration;
    while (advance_to_next(end)) {
    }
    const std::lock_guard lock(mutex_);
    now_ = std::max(now_, end);
  }

 private:
  mutable std::mutex mutex_;
  Point now_{std::chrono::hours(1)};
  std::map<std::pair<Point, std::uint64_t>, Alarm*> alarms_;
  std::uint64_t last_ = 0;
};

}  // namespace weir::test
