#include "runtime/visit.hpp"

#include <algorithm>
#include <utility>

namespace weir::runtime {

void Visits::stop() noexcept {
  std::list<Visit*> cancelled;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      const auto next = std::next(at);
      // One that rings already finds the admission closed.
      if (clock_.cancel(**at)) cancelled.splice(cancelled.end(), waiting_, at);
      at = next;
    }
  }
  for (Visit* const visit : cancelled) visit->over(abi::End::cancelled);
  admission_.close();
}

std::size_t Visits::backing_off() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

/// Under the lock.
Clock::Duration Visits::wait_before(std::int64_t attempt) {
  Clock::Duration wait = settings_.first_wait;
  for (std::int64_t i = 2; i < attempt && wait < settings_.longest_wait; ++i) wait *= 2;
  wait = std::min(wait, settings_.longest_wait);
  const std::int64_t half = wait.count() / 2;
  return Clock::Duration(half + std::uniform_int_distribution<std::int64_t>(0, half)(random_));
}

void Visit::arrive() noexcept {
  Admission::Needs needs;
  try {
    needs = this->needs();
    of_.admission_.enter(*this, std::move(needs));
  } catch (...) {
    needs_failed();
  }
}

void Visit::admitted(Permit permit) noexcept {
  ++attempts_;
  attempt(std::move(permit));
}

void Visit::refused() noexcept { over(abi::End::cancelled); }

void Visit::attempt_ended(AttemptEnd end) noexcept {
  if (end.end != abi::End::failed || !end.retry || attempts_ >= of_.settings_.attempts) {
    return over(end.end);
  }
  bool stopped = false;
  {
    const std::lock_guard lock(of_.mutex_);
    stopped = of_.stopped_;
    if (!stopped) {
      const Clock::Duration wait = of_.wait_before(attempts_ + 1);
      will_retry(wait);
      waiting_at_ = of_.waiting_.insert(of_.waiting_.end(), this);
      of_.clock_.set(*this, of_.clock_.now() + wait);
    }
  }
  // It has attempts left: it ends because of the stop, and not because it failed.
  if (stopped) over(abi::End::cancelled);
}

void Visit::ring() noexcept {
  {
    const std::lock_guard lock(of_.mutex_);
    of_.waiting_.erase(waiting_at_);
  }
  arrive();
}

}  // namespace weir::runtime
