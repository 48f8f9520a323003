#include "runtime/intake.hpp"

#include "runtime/hand.hpp"

namespace weir::runtime {
namespace {

/// More items than that are for the workers.
constexpr std::uint32_t kFew = 16;

/// So many in a row; then other tasks have their turn.
constexpr int kRow = 64;

bool is_little(const Node& node, const Message& message) {
  return !node.takes_long.load(std::memory_order_relaxed) &&
         (message.batch == nullptr || message.batch->count <= kFew);
}

}  // namespace

void Intake::put(Message message) {
  if (limit_ != 0 && !take_place(message)) return;
  if (!WorksItself::may() || !is_little(node_, message)) return spawn_(message);
  const WorksItself deeper(true);
  work(node_, message, Permit());
  if (limit_ != 0 && next(message)) spawn_(message);
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
