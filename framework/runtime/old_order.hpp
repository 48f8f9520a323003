#pragma once

/// The order in which items ended in an earlier run, for those that are done since then.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "journal/row.hpp"
#include "runtime/clock.hpp"
#include "runtime/executor.hpp"

namespace weir::runtime {

/// Lets what a function is known to have done go on in the order in which it ended, whatever the
/// order in which it comes now. Nodes behind that go by the order (`batch`, `take`, `dedupe`) then
/// make of it what they made before.
///
/// Nobody waits for ever: one that does not come is not waited for once nothing else can come, or
/// when nothing has come for a while. Safe from any thread.
class OldOrder final : private Clock::Alarm, private Executor::Task {
 public:
  /// An item that is done. Kept alive by whoever brings it, until it has its turn.
  class Waiter {
   public:
    /// Once, on a thread that runs nodes, for one of them at a time.
    virtual void has_turn() noexcept = 0;

   protected:
    ~Waiter() = default;
  };

  /// What it asks of the function. From any thread.
  struct Asks {
    /// Whether an item should come once more and be skipped, as far as is known.
    std::function<bool(const journal::Row&)> is_awaited;
    /// Whether so many items are all that is at the function, and nothing else comes to it.
    std::function<bool(std::size_t)> are_all;
  };

  /// How long the others wait for one that does not come.
  static constexpr std::chrono::milliseconds kPatience{100};

  /// `rows`: what the function has done. They, the clock and the executor must outlive it.
  OldOrder(std::vector<const journal::Row*> rows, Asks asks, Clock& clock, Executor& executor);
  OldOrder(const OldOrder&) = delete;
  OldOrder& operator=(const OldOrder&) = delete;

  /// An item of one of the rows has come: it has its turn in this call, or later.
  void come(const journal::Row& row, Waiter& waiter) noexcept;
  /// Something at the function has ended, or one that was awaited is done again.
  void look() noexcept;
  /// Nobody waits any more, and no alarm is set.
  void stop() noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void ring() noexcept override;
  void run() noexcept override;
  bool is_short() const noexcept override { return false; }

  void give_turns(Lock& lock) noexcept;
  void give_turns_later() noexcept;
  bool may_have_turn(std::uint32_t rank);
  void set_alarm(Lock& lock) noexcept;

  const Asks asks_;
  Clock& clock_;
  Executor& executor_;
  std::vector<const journal::Row*> rows_;  // by rank: as they ended
  std::unordered_map<const journal::Row*, std::uint32_t> ranks_;
  std::mutex mutex_;

  std::map<std::uint32_t, Waiter*> waiting_;  // by rank
  std::uint32_t next_ = 0;                    // nobody before it is waited for
  Clock::Point last_came_;
  bool gives_turns_ = false;     // somebody is about it
  bool waits_for_none_ = false;  // until all that wait now have had their turns
  bool is_stopped_ = false;
  bool alarm_is_set_ = false;
  bool is_to_run_ = false;
};

}  // namespace weir::runtime
