#pragma once

/// Real time: alarms by the reactor's timers.

#include <map>
#include <mutex>
#include <set>

#include "io/reactor.hpp"
#include "runtime/clock.hpp"
#include "runtime/executor.hpp"

namespace weir::runtime {

/// Rings alarms on the executor's threads. Any number of alarms costs one timer of the reactor, and
/// one more each time that an alarm is set that is earlier than all of the timers.
class ReactorClock final : public Clock {
 public:
  /// Both must outlive it; destroy it when no alarm is set and the reactor's thread is out of it.
  ReactorClock(io::Reactor& reactor, Executor& executor) : reactor_(reactor), executor_(executor) {}

  Point now() const noexcept override { return std::chrono::steady_clock::now(); }
  void set(Alarm& alarm, Point at) override;
  bool cancel(Alarm& alarm) noexcept override;

  /// How many timers of the reactor are under way.
  std::size_t timers() const;

 private:
  class Timer;
  class Ring;

  void look(Point timer);
  void arm(Point at);

  io::Reactor& reactor_;
  Executor& executor_;
  mutable std::mutex mutex_;
  std::multimap<Point, Alarm*> alarms_;
  std::map<const Alarm*, std::multimap<Point, Alarm*>::iterator> set_;
  std::set<Point> timers_;  // that are under way
};

}  // namespace weir::runtime
