#include "runtime/bounded_queue.hpp"

#include <algorithm>
#include <utility>

#include <weir/loop.hpp>

#include "data/batches.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {

BoundedQueue::BoundedQueue(Node& queue, std::int64_t capacity)
    : queue_(queue), capacity_(capacity), lying_(std::max<std::size_t>(1, queue.ports[0].size())) {}

void BoundedQueue::put(abi::BatchPtr batch, Holder* from) {
  const std::lock_guard lock(mutex_);
  const std::int64_t room = waiting_.empty() ? this->room() : 0;
  if (room >= batch->count) return admit(std::move(batch));
  abi::BatchPtr rest;
  if (room == 0) {
    rest = std::move(batch);
  } else {
    rest = data::part(batch, static_cast<std::uint32_t>(room));
  }
  waiting_.push_back({std::move(rest), from == nullptr ? nullptr : from->share()});
  if (batch) admit(std::move(batch));
}

std::int64_t BoundedQueue::room() const {
  return capacity_ - *std::max_element(lying_.begin(), lying_.end());
}

/// Under the lock, so that the order is kept. oneTBB runs no body in a put into a queue_node.
void BoundedQueue::admit(abi::BatchPtr batch) noexcept {
  if (!queue_.ports[0].empty()) {
    for (std::int64_t& lying : lying_) lying += batch->count;
  }
  queue_.pass_on(std::move(batch));
}

void BoundedQueue::taken(std::size_t reader, std::int64_t items) noexcept {
  std::deque<Waiting> let_go;  // what was held is given back outside of the lock
  const std::lock_guard lock(mutex_);
  lying_[reader] -= items;
  while (!waiting_.empty()) {
    const std::int64_t room = this->room();
    if (room <= 0) break;
    Waiting& first = waiting_.front();
    if (room >= first.batch->count) {
      admit(std::move(first.batch));
      let_go.push_back(std::move(first));
      waiting_.pop_front();
      continue;
    }
    try {
      abi::BatchPtr rest = data::part(first.batch, static_cast<std::uint32_t>(room));
      std::swap(rest, first.batch);
      admit(std::move(rest));
    } catch (...) {
      queue_.control.fail(queue_.planned.name,
                          "an item can't be let in: " + abi::what_was_thrown());
      return;
    }
  }
}

}  // namespace weir::runtime
