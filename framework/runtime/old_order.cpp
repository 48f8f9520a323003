#include "runtime/old_order.hpp"

#include <algorithm>
#include <utility>

namespace weir::runtime {

OldOrder::OldOrder(std::vector<const journal::Row*> rows, Asks asks, Clock& clock,
                   Executor& executor)
    : asks_(std::move(asks)), clock_(clock), executor_(executor), rows_(std::move(rows)) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const journal::Row* a, const journal::Row* b) {
    return a->ended_ns.value_or(0) < b->ended_ns.value_or(0);
  });
  ranks_.reserve(rows_.size());
  for (std::uint32_t rank = 0; rank < rows_.size(); ++rank) ranks_.emplace(rows_[rank], rank);
}

void OldOrder::come(const journal::Row& row, Waiter& waiter) noexcept {
  Lock lock(mutex_);
  try {
    waiting_.emplace(ranks_.at(&row), &waiter);
  } catch (...) {  // no memory to keep the order
    lock.unlock();
    return waiter.has_turn();
  }
  last_came_ = clock_.now();
  give_turns(lock);
}

void OldOrder::look() noexcept {
  Lock lock(mutex_);
  if (gives_turns_ || waiting_.empty()) return;  // whoever gives them looks again
  if (may_have_turn(waiting_.begin()->first)) give_turns_later();
}

void OldOrder::stop() noexcept {
  Lock lock(mutex_);
  is_stopped_ = true;
  if (alarm_is_set_ && clock_.cancel(*this)) alarm_is_set_ = false;
  give_turns(lock);
}

void OldOrder::ring() noexcept {
  Lock lock(mutex_);
  alarm_is_set_ = false;
  if (waiting_.empty()) return;
  if (clock_.now() - last_came_ < kPatience) return set_alarm(lock);
  waits_for_none_ = true;
  give_turns_later();
}

/// Whoever calls may hold a lock that what comes of an item wants, as the end of a source does.
void OldOrder::give_turns_later() noexcept {
  if (!std::exchange(is_to_run_, true)) executor_.execute(*this);
}

void OldOrder::run() noexcept {
  Lock lock(mutex_);
  is_to_run_ = false;
  give_turns(lock);
}

/// To all that may have it now. Whoever comes meanwhile leaves that to this call.
void OldOrder::give_turns(Lock& lock) noexcept {
  if (gives_turns_) return;
  gives_turns_ = true;
  while (!waiting_.empty() && may_have_turn(waiting_.begin()->first)) {
    const auto [rank, waiter] = *waiting_.begin();
    next_ = std::max(next_, rank + 1);
    waiting_.erase(waiting_.begin());
    lock.unlock();
    waiter->has_turn();
    lock.lock();
  }
  gives_turns_ = false;
  waits_for_none_ = false;
  if (!waiting_.empty() && !alarm_is_set_) set_alarm(lock);
}

bool OldOrder::may_have_turn(std::uint32_t rank) {
  while (next_ < rank && !asks_.is_awaited(*rows_[next_])) ++next_;
  return rank <= next_ || waits_for_none_ || is_stopped_ || asks_.are_all(waiting_.size());
}

void OldOrder::set_alarm(Lock& lock) noexcept {
  try {
    clock_.set(*this, last_came_ + kPatience);
    alarm_is_set_ = true;
  } catch (...) {  // no memory for an alarm
    waits_for_none_ = true;
    give_turns(lock);
  }
}

}  // namespace weir::runtime
