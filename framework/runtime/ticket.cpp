#include "runtime/ticket.hpp"

#include <algorithm>

namespace weir::runtime {
namespace {

/// So many items in flight are much.
constexpr std::int64_t kMuch = 4096;

}  // namespace

// `paused_` and what `left` looks at are ordered sequentially: either the source sees the credit
// that comes back, or whoever brings it sees the pause.

std::int64_t Credit::left() const {
  if (blocked_.load() != 0 || bytes_.load() >= most_.bytes) return 0;
  return std::max<std::int64_t>(0, most_.items - (items_.load() - kSource));
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
  std::int64_t bytes = 0;
  if (batch.type->bytes != nullptr) {
    bytes = static_cast<std::int64_t>(batch.bytes());
  } else {  // all of one size: a number of items says it all
    const auto item = static_cast<std::int64_t>(sizeof(abi::Batch) + batch.type->size);
    most_.items = std::min(most_.items, std::max<std::int64_t>(1, most_.bytes / item));
  }
  auto* ticket = new Ticket(*this, batch.count, bytes);
  items_.fetch_add(batch.count);
  if (bytes != 0) bytes_.fetch_add(bytes);
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

void Credit::source_ended() noexcept { take_out(kSource); }

void Credit::take_out(std::int64_t items) noexcept {
  if (items_.fetch_sub(items) == items) {
    control_.work_ends();  // it may end the run
  } else {
    wake();
  }
}

void Credit::returned(const Ticket& ticket) noexcept {
  sizer_.returned(ticket.made_, ticket.longest_task_ns_.load(std::memory_order_relaxed));
  const std::int64_t bytes = ticket.bytes_.load(std::memory_order_relaxed);
  if (bytes != 0) bytes_.fetch_sub(bytes);
  const std::int64_t items = ticket.items_.load(std::memory_order_relaxed);
  delete &ticket;
  take_out(items);
}

Ticket::Ticket(Credit& credit, std::int64_t items, std::int64_t bytes)
    : credit_(credit), made_(items), items_(items), bytes_(bytes) {
  returned = [](abi::Ticket* ticket) noexcept {
    auto* self = static_cast<Ticket*>(ticket);
    self->credit_.returned(*self);
  };
}

void Ticket::lies_in_queue() noexcept {
  if (credit_.items_out() < kMuch) return;
  credit_.sizer_.returned(made_, longest_task_ns_.load(std::memory_order_relaxed));
}

void Ticket::charge(const abi::Batch& made, const abi::Block* taken, bool expands) {
  std::int64_t bytes = 0;
  if (made.type->views) {
    for (const abi::Block* block = made.storage; block != nullptr && block != taken;
         block = block->next) {
      bytes += static_cast<std::int64_t>(block->capacity);
    }
  } else if (made.type->bytes != nullptr) {
    bytes = static_cast<std::int64_t>(made.bytes());
  }
  if (expands) {
    items_.fetch_add(made.count, std::memory_order_relaxed);
    credit_.items_.fetch_add(made.count);
  }
  if (bytes == 0) return;
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  credit_.bytes_.fetch_add(bytes);
}

}  // namespace weir::runtime
