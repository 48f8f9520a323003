#include "runtime/ticket.hpp"

#include <algorithm>

namespace weir::runtime {

// `paused_` and what `left` looks at are ordered sequentially: either the source sees the credit
// that comes back, or whoever brings it sees the pause.

std::int64_t Credit::left() const {
  if (blocked_.load() != 0 || bytes_.load() >= most_.bytes) return 0;
  return std::max<std::int64_t>(0, most_.items - items_.load());
}

std::int64_t Credit::available() {
  while (!ended_.load()) {
    if (const std::int64_t items = left(); items > 0) return items;
    paused_.store(true);
    if (left() == 0 && !ended_.load()) return 0;
    if (!paused_.exchange(false)) return 0;
  }
  return 0;
}

std::int64_t Credit::wait_available() {
  std::unique_lock lock(mutex_);
  sleepers_.fetch_add(1);
  const auto not_to_go_on = [&] { return control_.stopping() || ended_.load(); };
  returned_.wait(lock, [&] { return not_to_go_on() || left() > 0; });
  sleepers_.fetch_sub(1);
  return not_to_go_on() ? 0 : left();
}

abi::Ticket* Credit::issue(const abi::Batch& batch) {
  auto* ticket = new Ticket(*this, batch.count, static_cast<std::int64_t>(batch.bytes()));
  items_.fetch_add(ticket->items_.load(std::memory_order_relaxed));
  bytes_.fetch_add(ticket->bytes_.load(std::memory_order_relaxed));
  control_.work_begins();
  return ticket;
}

void Credit::wake() noexcept {
  if (paused_.load() && paused_.exchange(false)) resume_();
  if (sleepers_.load() != 0) {
    const std::lock_guard lock(mutex_);
    returned_.notify_all();
  }
}

void Credit::unblock() noexcept {
  blocked_.fetch_sub(1);
  wake();
}

void Credit::end() noexcept {
  ended_.store(true);
  wake();
}

void Credit::returned(const Ticket& ticket) noexcept {
  sizer_.returned(ticket.made_, ticket.longest_task_ns_.load(std::memory_order_relaxed));
  items_.fetch_sub(ticket.items_.load(std::memory_order_relaxed));
  bytes_.fetch_sub(ticket.bytes_.load(std::memory_order_relaxed));
  wake();
}

Ticket::Ticket(Credit& credit, std::int64_t items, std::int64_t bytes)
    : credit_(credit), made_(items), items_(items), bytes_(bytes) {
  returned = [](abi::Ticket* ticket) noexcept {
    auto* self = static_cast<Ticket*>(ticket);
    Credit& of = self->credit_;
    Control& run = of.control_;
    of.returned(*self);
    delete self;
    run.work_ends();  // last: it may end the run
  };
}

void Ticket::charge(const abi::Batch& batch) {
  const auto bytes = static_cast<std::int64_t>(batch.bytes());
  items_.fetch_add(batch.count, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  credit_.items_.fetch_add(batch.count);
  credit_.bytes_.fetch_add(bytes);
}

}  // namespace weir::runtime
