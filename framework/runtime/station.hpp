#pragma once

/// Functions that wait, or that block: where their items wait for admission, are worked on, and
/// wait for another attempt.

#include <chrono>
#include <cstdint>

#include "runtime/admission.hpp"
#include "runtime/executor.hpp"
#include "runtime/node.hpp"
#include "runtime/pace.hpp"
#include "runtime/thread_pool.hpp"
#include "runtime/visit.hpp"

namespace weir::runtime {

/// One such function. Every item that comes to it is under way, for the control, until its end.
class Station {
 public:
  /// What it takes of the admission's limits.
  struct Limits {
    std::vector<std::uint32_t> named;  ///< indices into the admission's settings
    std::optional<std::uint32_t> own;  ///< the same: the function's own `limit: N`
    std::vector<const Template*> per;  ///< for each of `named`: its key, or null
  };

  /// All must outlive it. `threads`: of a node that blocks, else null.
  Station(Node& node, Admission& admission, Limits limits, Clock& clock, Executor& executor,
          ThreadPool* threads);

  /// Takes over the message's reference, to one item.
  void arrive(Message message) noexcept;

  /// What waits is not begun any more.
  void stop() noexcept { visits_.stop(); }

 private:
  class ItemVisit;
  class Attempt;
  class BlockingAttempt;

  /// Runs code of the node's on this thread, and notes how long that took.
  template <class F>
  void run_timed(F&& code) noexcept;

  Node& node_;
  const Limits limits_;
  Visits visits_;
  Executor& executor_;
  ThreadPool* const threads_;
  Pace pace_;  // of the node's code between two waits
};

}  // namespace weir::runtime
