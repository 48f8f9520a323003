#pragma once

/// Sources: what they make, with a ticket on every batch.

#include <atomic>
#include <deque>
#include <functional>
#include <optional>

#include "runtime/node.hpp"
#include "runtime/status.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {

/// Drives one source, or a collector when its input has ended. Called by one thread at a time.
class Source {
 public:
  /// Counts as under way until it has ended. Every batch that it makes is small enough for its
  /// readers: of one item, if all of them take items one by one.
  /// `batch`: the size of every batch; 0: it is found.
  Source(Node& node, std::uint32_t batch);

  /// The next batch. Null: it has ended, or has too much in flight; then `on_resume` calls when it
  /// is worth to ask again.
  abi::BatchPtr next() noexcept;
  void on_resume(std::function<void()> resume) { credit_.on_resume(std::move(resume)); }

  /// Of a collector whose input has not ended: gives out a batch, with a ticket of its own. Throws
  /// std::bad_alloc.
  void give_late(abi::BatchPtr batch);
  /// Whether less is in flight than may be.
  bool may_give() const { return credit_.left() > 0; }

  /// Hands a batch on. If it does not find room in a queue, the source pauses until it has.
  void emit(abi::BatchPtr batch) noexcept;

  /// Hands everything on until the end, in the calling thread, asleep while too much is in flight.
  void run_to_end() noexcept;
  /// In place of that: stops the run, and says why.
  void give_up(const std::string& why) noexcept;

  /// The edge by which its batches can go as they are, if there is one: a single reader, no queue,
  /// that takes batches as the source makes them.
  Edge* straight_edge() const;

  /// Whether a batch is less work than a message that brings it to a worker.
  bool is_cheap() const { return credit_.is_cheap(); }

  /// How it stands. From any thread.
  SourceStatus status() const;

  /// What it makes may have to wait for room.
  bool feeds_a_bounded_queue() const;

 private:
  class BlockingHolder;

  void make(std::int64_t credit) noexcept;
  abi::BatchPtr take_made() noexcept;
  std::int64_t made_items() const;
  void end() noexcept;

  Node& node_;
  Credit credit_;
  std::deque<abi::BatchPtr> made_;
  bool one_by_one_ = false;
  bool exhausted_ = false;  // it makes no more; `made_` may hold some yet
  std::atomic<bool> ended_{false};
  bool has_waited_ = false;  // for what it made last
};

}  // namespace weir::runtime
