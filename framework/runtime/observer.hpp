#pragma once

/// What a run tells whoever watches it.

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/abi.hpp>
#include <weir/process.hpp>
#include <weir/summary.hpp>

namespace weir::runtime {

/// How an item came to its end at a node.
struct ItemEnd {
  std::string_view node;
  bool waits = true;  ///< the node waits or blocks: worth a line of its own
  abi::End end = abi::End::done;
  double seconds = 0;
  std::string_view item;             ///< its text, for people
  const Failure* failure = nullptr;  ///< if it failed
  std::int64_t attempts = 1;         ///< of one that failed, as the two that follow
  std::string_view id;               ///< of one at a node that waits or blocks
  std::string_view log;              ///< the file of what its command wrote; empty: none
  std::int64_t ended = 0;            ///< the how-manieth of its node this is, from 1
  std::int64_t arrived = 0;          ///< items that have come to it
};

/// Called from many threads at once. Must not block for long.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Of nodes that wait or block: every item. Of those that compute: only what failed.
  virtual void item_ended(const ItemEnd& end) noexcept = 0;
  /// A line about the run as a whole, or from a node (`node` not empty).
  virtual void note(std::string_view node, std::string_view line) noexcept = 0;
  /// Whole lines for standard output. The result is an error, or empty.
  virtual std::string print(std::string_view lines) noexcept = 0;
};

/// "done", "failed", "stopped", "error"
std::string_view to_string(RunOutcome outcome);

}  // namespace weir::runtime
