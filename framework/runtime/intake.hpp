#pragma once

/// How items come to a node that computes, where a task of oneTBB's for each is not wanted.

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include "runtime/node.hpp"

namespace weir::runtime {

/// Lets the thread that brings an item work on it, if it takes little: one from outside of the
/// workers (a function that waits has given the item out, or a source with a thread of its own), as
/// waking workers costs far more; and a worker at a node with a limit of 1, which makes no more of
/// it than one task at a time anyway.
///
/// Keeps the node's limit, and the order in which items came.
class Intake {
 public:
  /// `spawn` makes a task of a message, in which a worker will call `work_on`; it never fails.
  Intake(Node& node, std::function<void(Message)> spawn)
      : node_(node), limit_(node.planned.limit.value_or(0)), spawn_(std::move(spawn)) {}

  /// An item that has come. It may be worked on before this returns.
  void put(Message message);
  /// The same, but it will not be.
  void put_for_workers(Message message);

  /// By a worker: works on it, and on what has come meanwhile.
  void work_on(Message message);

 private:
  bool is_for_this_thread(const Message& message) const;
  bool take_place(Message message);
  bool next(Message& message);

  Node& node_;
  const std::int64_t limit_;  // 0: none
  const std::function<void(Message)> spawn_;
  std::mutex mutex_;
  std::int64_t working_ = 0;
  std::deque<Message> waiting_;
};

}  // namespace weir::runtime
