#pragma once

/// What lies before a function that waits or blocks and has not been taken apart into items.

#include <cstdint>
#include <deque>
#include <mutex>

#include "runtime/node.hpp"

namespace weir::runtime {

/// Keeps batches whole until their items are about to have a turn: an item that waits for admission
/// takes some 400 bytes, one that lies in a batch a few. First in, first out.
///
/// Safe from any thread. What is taken out is taken by one thread at a time, so that the order is
/// kept; whoever comes meanwhile leaves it to that one.
class Backlog {
 public:
  /// At least so many wait for admission before batches are left whole.
  static constexpr std::int64_t kMostInLine = 256;

  struct Entry {
    Message message;              ///< with one or more items
    std::int64_t arrived_ns = 0;  ///< unix time; 0: not noted
  };

  /// Throws std::bad_alloc; then it has not been taken over.
  void put(Entry entry);

  /// An item has entered the line for admission.
  void enters() noexcept;
  /// One has left it. True: it has become short, so `take` is to be called.
  bool leaves() noexcept;

  /// The oldest entry, if the line is short and nobody else takes. After a call with a result the
  /// caller enters its items, and then calls this again, with `goes_on`, until there is no result.
  bool take(Entry& entry, bool goes_on) noexcept;

  std::int64_t items() const;

 private:
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  std::int64_t items_ = 0;    // in the entries
  std::int64_t in_line_ = 0;  // wait for admission
  bool is_being_taken_ = false;
};

}  // namespace weir::runtime
