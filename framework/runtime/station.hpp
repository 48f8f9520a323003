#pragma once

/// Functions that wait, or that block: where their items wait for admission, are worked on, and
/// wait for another attempt.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/admission.hpp"
#include "runtime/executor.hpp"
#include "runtime/failure_policy.hpp"
#include "runtime/node.hpp"
#include "runtime/pace.hpp"
#include "runtime/records.hpp"
#include "runtime/thread_pool.hpp"
#include "runtime/visit.hpp"

namespace weir::runtime {

/// One such function. Every item that comes to it is under way, for the control, until its end.
class Station {
 public:
  /// What it takes of the admission's limits.
  struct Limits {
    struct Named {
      std::uint32_t index = 0;  ///< into the admission's settings
      const compile::PlannedLimit* planned = nullptr;
    };
    std::vector<Named> named;
    std::optional<std::uint32_t> own;  ///< the same: the function's own `limit: N`
  };

  /// All must outlive it. `threads`: of a node that blocks, else null.
  Station(Node& node, Admission& admission, Limits limits, Clock& clock, Executor& executor,
          ThreadPool* threads, StationRecords& records);

  /// Takes over the message's reference, to one item.
  void arrive(Message message) noexcept;

  /// What waits is not begun any more.
  void stop() noexcept { visits_.stop(); }

  const Node& node() const { return node_; }
  std::size_t backing_off() const { return visits_.backing_off(); }
  StationRecords& records() const { return records_; }

 private:
  friend class ItemVisit;

  /// What an item takes. Throws std::runtime_error if that can't be told, or can't be had.
  Admission::Needs needs_of(const Item& item) const;
  /// Pauses its limits, as far as the item takes part in them.
  void pause(const Item& item, std::chrono::nanoseconds pause) noexcept;

  Node& node_;
  const Limits limits_;
  Visits visits_;
  Executor& executor_;
  ThreadPool* const threads_;
  StationRecords& records_;
  const FailurePolicy policy_;
  Pace pace_;  // of the node's code between two waits
  std::atomic<Clock::Point> paused_until_{};
};

}  // namespace weir::runtime
