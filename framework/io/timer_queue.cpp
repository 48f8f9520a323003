#include "io/timer_queue.hpp"

#include <utility>

namespace weir::io {

void TimerQueue::add(Timer& timer, Clock::time_point deadline) {
  waiting_.push({deadline, added_++, &timer});
}

void TimerQueue::run_due() {
  if (waiting_.empty()) return;
  const Clock::time_point now = Clock::now();
  while (!waiting_.empty() && waiting_.top().deadline <= now) {
    Timer* timer = waiting_.top().timer;
    waiting_.pop();
    timer->complete(false);
  }
  if (waiting_.empty()) return alarm_.cancel();
  if (alarm_.is_set() && alarm_time_ == waiting_.top().deadline) return;
  alarm_time_ = waiting_.top().deadline;
  alarm_.set(alarm_time_, [this] { run_due(); });
}

void TimerQueue::cancel_all() {
  alarm_.cancel();
  auto cancelled = std::exchange(waiting_, {});
  for (; !cancelled.empty(); cancelled.pop()) cancelled.top().timer->complete(true);
}

}  // namespace weir::io
