#pragma once

/// Any number of timers on one alarm of the loop.

#include <cstdint>
#include <queue>
#include <vector>

#include "io/loop.hpp"
#include "io/reactor.hpp"

namespace weir::io {

/// Completes timers in the order of their deadlines, and in the order in which they were added
/// where those are equal. A timer costs 24 bytes and no system call of its own.
class TimerQueue {
 public:
  explicit TimerQueue(Loop& loop) : alarm_(loop) {}

  void add(Timer& timer, Clock::time_point deadline);
  /// Completes what is due and sets the alarm for the next. To be called after `add`.
  void run_due();
  /// Completes all of them as cancelled, in the order of their deadlines.
  void cancel_all();

 private:
  struct Entry {
    Clock::time_point deadline;
    std::uint64_t number;
    Timer* timer;

    bool operator>(const Entry& other) const {
      return deadline != other.deadline ? deadline > other.deadline : number > other.number;
    }
  };

  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting_;
  std::uint64_t added_ = 0;
  Alarm alarm_;
  Clock::time_point alarm_time_;
};

}  // namespace weir::io
