#pragma once

/// Puts what comes out of a function back into the order in which its items came in.

#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <weir/batch.hpp>

#include "runtime/hold.hpp"

namespace weir::runtime {

struct Node;

/// A batch given out on a port.
struct Output {
  std::uint32_t port = 0;
  abi::BatchPtr batch;
};

/// What waits here holds its sources' tickets, so it is bounded as everything in flight is.
///
/// Safe from any thread.
class Reorder {
 public:
  /// `node` must outlive it.
  explicit Reorder(Node& node) : node_(node) {}

  /// The items [first, first + items) of the node have ended, and that is what came of them (of
  /// those that were dropped or failed: nothing). Every item must come here once. Hands on what it
  /// is the turn of, in the calling thread or in one that is doing so already. While a full queue
  /// behind it takes nothing, a share of `from` (may be null) is held. Throws std::bad_alloc: then
  /// nothing can be given out any more that comes behind.
  void add(std::uint64_t first, std::uint32_t items, std::vector<Output> outputs, Holder* from);

 private:
  struct Piece {
    std::uint32_t items;
    std::vector<Output> outputs;
    std::list<std::shared_ptr<void>> held;  ///< one, or none
  };
  using Pieces = std::map<std::uint64_t, Piece>;
  class RoomHolder;

  void found_room();
  /// The last thing that is done under the lock.
  void hand_on(std::unique_lock<std::mutex>& lock);

  Node& node_;
  std::mutex mutex_;
  Pieces waiting_;          // by the first item
  std::uint64_t next_ = 0;  // the item whose turn it is
  bool handing_on_ = false;
  std::atomic<int> without_room_{0};  // batches that were handed on and wait before a full queue
};

}  // namespace weir::runtime
