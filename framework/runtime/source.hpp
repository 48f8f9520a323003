#pragma once

/// Sources: what they make, with a ticket on every batch.

#include <deque>
#include <functional>
#include <string>
#include <thread>

#include "runtime/node.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {

/// Drives one source. Called by one thread at a time.
class Source {
 public:
  /// Counts as under way until it has ended.
  Source(Node& node, std::int64_t max_in_flight);

  enum class Step {
    made,    ///< a batch was handed on, or nothing came out this time
    paused,  ///< too much is in flight: `on_resume` calls
    ended,   ///< for good
  };
  /// Makes some items and hands them on.
  Step step() noexcept;
  void on_resume(std::function<void()> resume) { credit_.on_resume(std::move(resume)); }

  /// `step` until the end, in the calling thread, asleep while too much is in flight.
  void run_to_end() noexcept;

 private:
  Step make(std::int64_t credit) noexcept;
  void end() noexcept;

  Node& node_;
  Credit credit_;
  std::uint64_t place_ = 0;
  bool one_by_one_ = false;
  bool ended_ = false;
};

}  // namespace weir::runtime
