#include "runtime/backlog.hpp"

namespace weir::runtime {

void Backlog::put(Entry entry) {
  const std::lock_guard lock(mutex_);
  entries_.push_back(entry);
  items_ += entry.message.batch->count;
}

void Backlog::enters() noexcept {
  const std::lock_guard lock(mutex_);
  ++in_line_;
}

bool Backlog::leaves() noexcept {
  const std::lock_guard lock(mutex_);
  --in_line_;
  return in_line_ <= kMostInLine / 2 && !entries_.empty() && !is_being_taken_;
}

bool Backlog::take(Entry& entry, bool goes_on) noexcept {
  const std::lock_guard lock(mutex_);
  if (!goes_on && is_being_taken_) return false;
  is_being_taken_ = in_line_ < kMostInLine && !entries_.empty();
  if (!is_being_taken_) return false;
  entry = entries_.front();
  entries_.pop_front();
  items_ -= entry.message.batch->count;
  return true;
}

std::int64_t Backlog::items() const {
  const std::lock_guard lock(mutex_);
  return items_;
}

}  // namespace weir::runtime
