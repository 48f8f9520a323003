#include "runtime/reactor_clock.hpp"

#include <algorithm>
#include <vector>

namespace weir::runtime {

/// One timer of the reactor, from `arm` to its end. An earlier one may be under way with it: each
/// just looks at what is due.
class ReactorClock::Timer final : public io::Timer {
 public:
  explicit Timer(ReactorClock& clock) : clock_(clock) {}
  void complete(bool cancelled) noexcept override {
    const std::unique_ptr<Timer> self(this);
    // The reactor is being stopped: nobody waits for a time any more.
    if (!cancelled) clock_.look();
  }

 private:
  ReactorClock& clock_;
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
  set_.emplace(&alarm, place);
  if (at < armed_) arm(at);
}

bool ReactorClock::cancel(Alarm& alarm) noexcept {
  const std::lock_guard lock(mutex_);
  const auto place = set_.find(&alarm);
  if (place == set_.end()) return false;
  alarms_.erase(place->second);
  set_.erase(place);
  return true;
}

/// Under the lock.
void ReactorClock::arm(Point at) {
  armed_ = at;
  auto* const timer = new Timer(*this);  // it deletes itself
  reactor_.start_timer(*timer, std::max<Duration>(at - now(), Duration(0)));
}

/// On the reactor's thread.
void ReactorClock::look() {
  const std::lock_guard lock(mutex_);
  const Point now = this->now();
  while (!alarms_.empty() && alarms_.begin()->first <= now) {
    Alarm& alarm = *alarms_.begin()->second;
    set_.erase(&alarm);
    alarms_.erase(alarms_.begin());
    executor_.execute(*new Ring(alarm));
  }
  armed_ = Point::max();
  if (!alarms_.empty()) arm(alarms_.begin()->first);
}

}  // namespace weir::runtime
