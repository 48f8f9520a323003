#pragma once

/// A declared queue with a capacity.

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include <weir/batch.hpp>

#include "runtime/hold.hpp"

namespace weir::runtime {

struct Node;

/// Lets items into the queue_nodes of a queue's readers as there is room; what finds none waits
/// here, first in first out, and holds back whoever gave it out. It never drops anything.
///
/// Safe from any thread.
class BoundedQueue {
 public:
  /// `queue` is the node, which must outlive it.
  BoundedQueue(Node& queue, std::int64_t capacity);

  /// Takes the batch in, now or later. Throws std::bad_alloc.
  void put(abi::BatchPtr batch, Holder* from);
  /// A reader, by its place among the queue's, has taken items out.
  void taken(std::size_t reader, std::int64_t items) noexcept;

  std::int64_t capacity() const { return capacity_; }

 private:
  struct Waiting {
    abi::BatchPtr batch;
    std::shared_ptr<void> held;
  };

  std::int64_t room() const;
  void admit(abi::BatchPtr batch) noexcept;
  std::deque<Waiting> admit_waiting() noexcept;

  Node& queue_;
  const std::int64_t capacity_;
  std::mutex mutex_;
  std::vector<std::int64_t> lying_;  // with each reader
  std::deque<Waiting> waiting_;
};

}  // namespace weir::runtime
