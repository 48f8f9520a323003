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

/// What a source may have in flight.
struct InFlight {
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};

class Ticket;

/// Counts what a source has in flight. The source's side is called by one thread at a time; tickets
/// come back on any thread.
class Credit {
 public:
  /// Under way as long as its source has not ended, or a ticket is out.
  /// `batch`: of that size, always; 0: as the sizer says, but no larger than `largest_batch`.
  Credit(Control& control, InFlight most, std::uint32_t batch, std::uint32_t largest_batch)
      : control_(control), most_(most), sizer_(batch, largest_batch) {
    control_.work_begins();
  }

  /// How many more items may be made now; 0: the source has to pause, and `resume` will be called
  /// once when it may go on. `resume` may be called before this returns.
  std::int64_t available();
  /// The same, but sleeps until there is some, or the source is not to go on at all (0).
  std::int64_t wait_available();

  /// The same, at this moment, for whoever asks.
  std::int64_t left() const;

  /// How many are in flight, also when the source has ended.
  std::int64_t items_out() const { return items_.load(std::memory_order_acquire) % kSource; }

  std::int64_t bytes_out() const { return bytes_.load(std::memory_order_relaxed); }

  /// Nothing more is to be made as long as there are more blocks than unblocks.
  void block() { blocked_.fetch_add(1); }
  void unblock() noexcept;
  /// The source is not to go on at all: it is woken, to see that.
  void end() noexcept;
  bool has_ended() const { return ended_.load(); }
  /// The source makes nothing more. The last call by it.
  void source_ended() noexcept;

  /// Called, on any thread, when a paused source may go on.
  void on_resume(std::function<void()> resume) { resume_ = std::move(resume); }

  /// A ticket for a batch, owned by the caller. Throws std::bad_alloc.
  abi::Ticket* issue(const abi::Batch& batch);

  BatchSizer& sizer() { return sizer_; }
  bool is_cheap() const { return sizer_.is_cheap(); }

 private:
  friend class Ticket;
  void returned(const Ticket& ticket) noexcept;
  void wake() noexcept;
  void take_out(std::int64_t items) noexcept;

  /// Counts as so many items as long as the source has not ended: one counter tells both.
  static constexpr std::int64_t kSource = std::int64_t{1} << 48;

  Control& control_;
  InFlight most_;
  std::atomic<std::int64_t> items_{kSource};
  std::atomic<std::int64_t> bytes_{0};
  std::atomic<int> blocked_{0};
  std::atomic<bool> ended_{false};
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
  /// It has come to a queue, where it may stay for long. Where much is in flight already, the size
  /// of batches goes by what is known so far: if little comes back, it would stay small, and much
  /// memory would go into many small batches.
  void lies_in_queue() noexcept;
  /// A node has made this of what it took, whose texts lay in `taken`: further items (if it makes
  /// many of one), and the memory that they have of their own, are in flight as long as this is.
  void charge(const abi::Batch& made, const abi::Block* taken, bool expands);

 private:
  friend class Credit;
  Ticket(Credit& credit, std::int64_t items, std::int64_t bytes);

  Credit& credit_;
  const std::int64_t made_;  // items, by the source
  std::atomic<std::int64_t> items_;
  std::atomic<std::int64_t> bytes_;
  std::atomic<std::int64_t> longest_task_ns_{0};
};

}  // namespace weir::runtime
