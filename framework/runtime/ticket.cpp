#include "runtime/ticket.hpp"

namespace weir::runtime {

// `paused_` and `in_flight_` are ordered sequentially: either the source sees the credit that comes
// back, or whoever brings it sees the pause.

std::int64_t Credit::available() {
  for (;;) {
    const std::int64_t left = most_ - in_flight_.load();
    if (left > 0) return left;
    paused_.store(true);
    if (in_flight_.load() >= most_ || !paused_.exchange(false)) return 0;
  }
}

std::int64_t Credit::wait_available() {
  std::unique_lock lock(mutex_);
  sleepers_.fetch_add(1);
  returned_.wait(lock, [&] { return control_.stopping() || in_flight_.load() < most_; });
  sleepers_.fetch_sub(1);
  return control_.stopping() ? 0 : most_ - in_flight_.load();
}

abi::Ticket* Credit::issue(std::uint32_t items) {
  auto* ticket = new Ticket(*this, items);
  in_flight_.fetch_add(items);
  control_.work_begins();
  return ticket;
}

void Credit::returned(std::uint32_t items, std::int64_t longest_task_ns) noexcept {
  sizer_.returned(items, longest_task_ns);
  in_flight_.fetch_sub(items);
  if (paused_.load() && paused_.exchange(false)) resume_();
  if (sleepers_.load() != 0) {
    const std::lock_guard lock(mutex_);
    returned_.notify_all();
  }
  control_.work_ends();  // last: it may end the run
}

}  // namespace weir::runtime
