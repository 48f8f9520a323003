#include "runtime/bounded_queue.hpp"

#include <algorithm>
#include <utility>

#include <weir/loop.hpp>

#include "data/batches.hpp"
#include "runtime/admission.hpp"
#include "runtime/hand.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {

BoundedQueue::BoundedQueue(Node& queue, std::int64_t capacity)
    : queue_(queue), capacity_(capacity), lying_(std::max<std::size_t>(1, queue.ports[0].size())) {}

void BoundedQueue::put(abi::BatchPtr batch, Holder* from) {
  std::deque<Waiting> let_go;  // as below
  if (queue_.control.stopping()) return queue_.drop(std::move(batch));
  const Admission::Deferral later;
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
  if (queue_.control.stopping()) let_go = admit_waiting();
}

std::int64_t BoundedQueue::room() const {
  return capacity_ - *std::max_element(lying_.begin(), lying_.end());
}

/// Under the lock, so that the order is kept: no node runs in here.
void BoundedQueue::admit(abi::BatchPtr batch) noexcept {
  const WorksItself not_here(WorksItself::Who::nobody);
  if (!queue_.ports[0].empty()) {
    for (std::int64_t& lying : lying_) lying += batch->count;
  }
  queue_.pass_on(std::move(batch));
}

void BoundedQueue::taken(std::size_t reader, std::int64_t items) noexcept {
  std::deque<Waiting> let_go;  // what was held is given back outside of the lock
  const Admission::Deferral later;
  const std::lock_guard lock(mutex_);
  lying_[reader] -= items;
  let_go = admit_waiting();
}

/// What it has let in, whose shares the caller lets go.
std::deque<BoundedQueue::Waiting> BoundedQueue::admit_waiting() noexcept {
  std::deque<Waiting> let_go;
  const auto drop_waiting = [&] {
    for (Waiting& dropped : waiting_) {
      queue_.drop(std::move(dropped.batch));
      let_go.push_back(std::move(dropped));
    }
    waiting_.clear();
  };
  if (queue_.control.stopping()) drop_waiting();
  while (!waiting_.empty()) {
    const std::int64_t room = this->room();
    if (room <= 0) break;
    Waiting& first = waiting_.front();
    try {
      if (room >= first.batch->count) {
        let_go.emplace_back();  // what throws, throws while nothing has moved
        admit(std::move(first.batch));
        let_go.back() = std::move(first);
        waiting_.pop_front();
        continue;
      }
      abi::BatchPtr rest = data::part(first.batch, static_cast<std::uint32_t>(room));
      std::swap(rest, first.batch);
      admit(std::move(rest));
    } catch (...) {
      queue_.control.fail(queue_.planned.name,
                          "an item can't be let in: " + abi::what_was_thrown());
      drop_waiting();  // nobody may come any more who would take them out
    }
  }
  return let_go;
}

}  // namespace weir::runtime
