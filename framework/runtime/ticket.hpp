#pragma once

/// What a source may have in flight, and how large its batches are.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

#include <weir/batch.hpp>

#include "runtime/accounts.hpp"
#include "runtime/batch_sizer.hpp"
#include "runtime/control.hpp"

namespace weir::runtime {

/// Counts what a source has in flight. The source's side is called by one thread at a time; tickets
/// come back on any thread.
class Credit {
 public:
  Credit(Control& control, std::int64_t most) : control_(control), most_(most) {}

  /// How many more items may be made now; 0: the source has to pause, and `resume` will be called
  /// once when it may go on. `resume` may be called before this returns.
  std::int64_t available();
  /// The same, but sleeps until there is some, or the run is being stopped (0).
  std::int64_t wait_available();

  /// Called, on any thread, when a paused source may go on.
  void on_resume(std::function<void()> resume) { resume_ = std::move(resume); }

  /// A ticket for a batch of `items`, owned by the caller. Throws std::bad_alloc.
  abi::Ticket* issue(std::uint32_t items);

  BatchSizer& sizer() { return sizer_; }

 private:
  friend class Ticket;
  void returned(std::uint32_t items, std::int64_t longest_task_ns) noexcept;

  Control& control_;
  const std::int64_t most_;
  std::atomic<std::int64_t> in_flight_{0};
  std::atomic<bool> paused_{false};
  std::function<void()> resume_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::atomic<int> sleepers_{0};
  BatchSizer sizer_;
};

/// A source's ticket; also notes the longest task that any of its items took.
class Ticket : public abi::Ticket {
 public:
  static Ticket* of(const abi::Batch& batch) { return static_cast<Ticket*>(batch.ticket); }

  void task_took(std::int64_t ns) { raise(longest_task_ns_, ns); }

 private:
  friend class Credit;
  Ticket(Credit& credit, std::uint32_t items) : credit_(credit), items_(items) {
    returned = [](abi::Ticket* ticket) noexcept {
      auto* self = static_cast<Ticket*>(ticket);
      Credit& credit_of = self->credit_;
      const std::uint32_t items_of = self->items_;
      const std::int64_t longest = self->longest_task_ns_.load(std::memory_order_relaxed);
      delete self;
      credit_of.returned(items_of, longest);
    };
  }

  Credit& credit_;
  std::uint32_t items_;
  std::atomic<std::int64_t> longest_task_ns_{0};
};

}  // namespace weir::runtime
