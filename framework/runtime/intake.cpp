#include "runtime/intake.hpp"

#include "runtime/hand.hpp"

namespace weir::runtime {
namespace {

/// More items than that are for the workers, if an outsider brings them.
constexpr std::uint32_t kFew = 16;

/// So many in a row; then other tasks have their turn.
constexpr int kRow = 64;

}  // namespace

/// Whether who brings the message works on it, now that there is a place.
bool Intake::is_for_this_thread(const Message& message) const {
  if (node_.pace.is_long()) return false;
  switch (WorksItself::who()) {
    case WorksItself::Who::nobody:
      return false;
    case WorksItself::Who::worker:
      return limit_ == 1;
    case WorksItself::Who::outsider:
      return message.batch == nullptr || message.batch->count <= kFew;
  }
  return false;
}

void Intake::put(Message message) {
  if (limit_ != 0 && !take_place(message)) return;
  if (!is_for_this_thread(message)) return spawn_(message);
  const WorksItself::Deeper deeper;
  for (int row = 1;; ++row) {
    work(node_, message, Permit());
    if (limit_ == 0 || !next(message)) return;
    if (row == kRow || !is_for_this_thread(message)) return spawn_(message);
  }
}

void Intake::put_for_workers(Message message) {
  if (limit_ == 0 || take_place(message)) spawn_(message);
}

void Intake::work_on(Message message) {
  for (int row = 1;; ++row) {
    work(node_, message, Permit());
    if (limit_ == 0 || !next(message)) return;
    if (row == kRow) return spawn_(message);
  }
}

/// False: all places are taken; the message waits.
bool Intake::take_place(Message message) {
  const std::lock_guard lock(mutex_);
  if (working_ == limit_) {
    waiting_.push_back(message);
    return false;
  }
  ++working_;
  return true;
}

/// What takes the place that has become free. False: nothing; the place is given up.
bool Intake::next(Message& message) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    --working_;
    return false;
  }
  message = waiting_.front();
  waiting_.pop_front();
  return true;
}

}  // namespace weir::runtime
