#include "runtime/reactor_clock.hpp"

#include <algorithm>
#include <memory>

namespace weir::runtime {

/// One timer of the reactor, from `arm` to its end. Earlier ones may be under way with it.
class ReactorClock::Timer final : public io::Timer {
 public:
  Timer(ReactorClock& clock, Point at) : clock_(clock), at_(at) {}
  void complete(bool cancelled) noexcept override {
    const std::unique_ptr<Timer> self(this);
    // The reactor is being stopped: nobody waits for a time any more.
    if (!cancelled) clock_.look(at_);
  }

 private:
  ReactorClock& clock_;
  const Point at_;
};

/// An alarm on its way to the thread that rings it.
class ReactorClock::Ring final : public Executor::Task {
 public:
  explicit Ring(Alarm& alarm) : alarm_(alarm) {}
  void run() noexcept override {
    const std::unique_ptr<Ring> self(this);
    alarm_.ring();
  }
  bool is_short() const noexcept override { return true; }

 private:
  Alarm& alarm_;
};

void ReactorClock::set(Alarm& alarm, Point at) {
  const std::lock_guard lock(mutex_);
  const auto place = alarms_.emplace(at, &alarm);
  try {
    set_.emplace(&alarm, place);
    arm(at);
  } catch (...) {
    set_.erase(&alarm);
    alarms_.erase(place);
    throw;
  }
}

bool ReactorClock::cancel(Alarm& alarm) noexcept {
  const std::lock_guard lock(mutex_);
  const auto place = set_.find(&alarm);
  if (place == set_.end()) return false;
  alarms_.erase(place->second);
  set_.erase(place);
  return true;
}

std::size_t ReactorClock::timers() const {
  const std::lock_guard lock(mutex_);
  return timers_.size();
}

/// Under the lock. Sees to it that there is a timer for it.
void ReactorClock::arm(Point at) {
  if (!timers_.empty() && *timers_.begin() <= at) return;
  auto timer = std::make_unique<Timer>(*this, at);
  timers_.insert(at);
  reactor_.start_timer(*timer, std::max<Duration>(at - now(), Duration(0)));
  static_cast<void>(timer.release());  // it deletes itself
}

/// On the reactor's thread: the timer for then has ended.
void ReactorClock::look(Point timer) {
  const std::lock_guard lock(mutex_);
  timers_.erase(timer);
  const Point now = this->now();
  while (!alarms_.empty() && alarms_.begin()->first <= now) {
    Alarm& alarm = *alarms_.begin()->second;
    set_.erase(&alarm);
    alarms_.erase(alarms_.begin());
    executor_.execute(*new Ring(alarm));
  }
  if (!alarms_.empty()) arm(alarms_.begin()->first);
}

}  // namespace weir::runtime
