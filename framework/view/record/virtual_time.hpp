#pragma once

/// Time that passes as fast as what happens in it can be worked out.

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "runtime/clock.hpp"

namespace weir::view {

class VirtualTime final : public runtime::Clock {
 public:
  using Ns = std::int64_t;  ///< since the start

  Point now() const noexcept override { return Point(std::chrono::nanoseconds(now_)); }
  void set(Alarm& alarm, Point at) override;
  bool cancel(Alarm& alarm) noexcept override;

  Ns ns() const { return now_; }
  /// Calls it then, or now if that is over; what is for the same moment in the order of the calls.
  /// The result can be cancelled as long as it has not been called.
  using Event = std::pair<Ns, std::uint64_t>;
  Event at(Ns time, std::function<void()> call);
  void cancel(const Event& event) { events_.erase(event); }

  /// Whether nothing is left to happen; in a call, behind it.
  bool is_over() const { return events_.empty(); }
  /// Until nothing is left to happen.
  void run();

 private:
  Ns now_ = 0;
  std::uint64_t number_ = 0;
  std::map<Event, std::function<void()>> events_;
  std::unordered_map<Alarm*, Event> alarms_;
};

/// So many processors, shared evenly by all that want one. There may be a part of one, where others
/// use the rest.
class Processors {
 public:
  Processors(VirtualTime& time, double count) : time_(time), count_(count) {}

  /// Calls `done` when so much work has been done for it.
  void work(VirtualTime::Ns work, std::function<void()> done);
  /// Processor time used.
  double used_seconds() const { return used_ / 1e9; }

 private:
  void advance();
  void plan();

  VirtualTime& time_;
  const double count_;
  std::multimap<double, std::function<void()>> jobs_;  // by what `done_` is at their end
  double done_ = 0;  // ns of work, of one that has been there from the beginning
  double used_ = 0;
  VirtualTime::Ns at_ = 0;
  VirtualTime::Event next_;
};

}  // namespace weir::view
