#include "runtime/visit.hpp"

#include <algorithm>
#include <utility>

namespace weir::runtime {

// First the admission: the time of one that backs off may come meanwhile, and it must not get in.

void Visits::stop() noexcept {
  admission_.close();
  cancel_waiting();
}

void Visits::dismiss() noexcept {
  admission_.dismiss(party_);
  cancel_waiting();
}

void Visits::cancel_waiting() noexcept {
  std::list<Visit*> cancelled;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      const auto next = std::next(at);
      // One that rings already finds the admission closed.
      if (clock_.cancel(**at)) cancelled.splice(cancelled.end(), waiting_, at);
      at = next;
    }
  }
  for (Visit* const visit : cancelled) visit->over(abi::End::cancelled);
}

std::size_t Visits::backing_off() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::optional<Clock::Point> Visits::next_attempt() const {
  const std::lock_guard lock(mutex_);
  const auto next = std::min_element(
      waiting_.begin(), waiting_.end(),
      [](const Visit* a, const Visit* b) { return a->waits_until_ < b->waits_until_; });
  return next == waiting_.end() ? std::nullopt : std::optional((*next)->waits_until_);
}

/// Nothing when no attempt is to begin any more.
std::optional<Clock::Duration> Visits::wait_before(std::int64_t attempt) {
  const std::lock_guard lock(mutex_);
  if (is_over_) return std::nullopt;
  Clock::Duration wait = settings_.first_wait;
  if (wait.count() == 0) return wait;
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
  const std::optional<Clock::Duration> wait = of_.wait_before(attempts_ + 1);
  if (wait) {
    will_retry(*wait);
    if (back_off(*wait)) return;
  } else {
    will_not_retry();
  }
  // It has attempts left: it ends since there is no other, and not because it failed.
  over(abi::End::cancelled);
}

/// False: no attempt is to begin any more.
bool Visit::back_off(Clock::Duration wait) noexcept {
  const std::lock_guard lock(of_.mutex_);
  if (of_.is_over_) return false;
  waiting_at_ = of_.waiting_.insert(of_.waiting_.end(), this);
  waits_until_ = of_.clock_.now() + wait;
  of_.clock_.set(*this, waits_until_);
  return true;
}

void Visit::ring() noexcept {
  {
    const std::lock_guard lock(of_.mutex_);
    of_.waiting_.erase(waiting_at_);
  }
  arrive();
}

}  // namespace weir::runtime
