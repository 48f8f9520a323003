#include "view/record/virtual_time.hpp"

#include <algorithm>
#include <cmath>

namespace weir::view {

void VirtualTime::set(Alarm& alarm, Point at) {
  const Ns time = std::chrono::nanoseconds(at.time_since_epoch()).count();
  alarms_[&alarm] = this->at(time, [this, &alarm] {
    alarms_.erase(&alarm);
    alarm.ring();
  });
}

bool VirtualTime::cancel(Alarm& alarm) noexcept {
  const auto found = alarms_.find(&alarm);
  if (found == alarms_.end()) return false;
  events_.erase(found->second);
  alarms_.erase(found);
  return true;
}

VirtualTime::Event VirtualTime::at(Ns time, std::function<void()> call) {
  const Event event(std::max(time, now_), ++number_);
  events_.emplace(event, std::move(call));
  return event;
}

void VirtualTime::run() {
  while (!events_.empty()) {
    auto event = events_.extract(events_.begin());
    now_ = event.key().first;
    event.mapped()();
  }
}

void Processors::work(VirtualTime::Ns work, std::function<void()> done) {
  advance();
  jobs_.emplace(done_ + static_cast<double>(work), std::move(done));
  plan();
}

void Processors::advance() {
  const auto elapsed = static_cast<double>(time_.ns() - at_);
  at_ = time_.ns();
  if (jobs_.empty()) return;
  const auto jobs = static_cast<double>(jobs_.size());
  const double busy = std::min(count_, jobs);
  used_ += elapsed * busy;
  done_ += elapsed * busy / jobs;
}

void Processors::plan() {
  time_.cancel(next_);
  if (jobs_.empty()) return;
  const auto jobs = static_cast<double>(jobs_.size());
  const double rate = std::min(count_, jobs) / jobs;
  const double left = std::max(0.0, jobs_.begin()->first - done_) / rate;
  next_ = time_.at(time_.ns() + static_cast<VirtualTime::Ns>(std::ceil(left)), [this] {
    advance();
    std::function<void()> done;
    auto first = jobs_.begin();
    if (first->first <= done_ + 1e-3 * std::max(1.0, done_ * 1e-9)) {
      done = std::move(first->second);
      jobs_.erase(first);
    }
    plan();
    if (done) done();
  });
}

}  // namespace weir::view
