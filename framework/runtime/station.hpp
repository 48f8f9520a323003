#pragma once

/// Functions that wait, or that block: where their items wait for admission, are worked on, and
/// wait for another attempt.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/admission.hpp"
#include "runtime/backlog.hpp"
#include "runtime/executor.hpp"
#include "runtime/failure_policy.hpp"
#include "runtime/node.hpp"
#include "runtime/old_order.hpp"
#include "runtime/pace.hpp"
#include "runtime/records.hpp"
#include "runtime/status.hpp"
#include "runtime/thread_pool.hpp"
#include "runtime/visit.hpp"

namespace weir::runtime {

/// One such function. Every item that comes to it is under way, for the control, until its end.
class Station : private Haltable {
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

  /// Takes over the message's reference: to one item, unless it takes whole batches.
  void arrive(Message message) noexcept;
  /// Whether it takes batches apart itself, when their items are about to have their turn.
  bool takes_batches() const { return backlog_ != nullptr; }
  /// Items that have come and not been taken apart.
  std::int64_t lying() const { return backlog_ ? backlog_->items() : 0; }

  /// What waits is not begun any more.
  void stop() noexcept {
    visits_.stop();
    if (old_order_) old_order_->stop();
  }

  /// Lets what is done already go on in an order of its own. To be set before anything comes.
  void keep_order(std::unique_ptr<OldOrder> order) { old_order_ = std::move(order); }
  /// Null: as it comes.
  OldOrder* old_order() const { return old_order_.get(); }

  /// Its items in work and between attempts, to a status that has its counts.
  void add_to(NodeStatus& status) const;
  /// Its items that have been admitted by a limit, for a key of it.
  void add_holders(const std::string& limit, const std::string& key,
                   std::vector<HolderStatus>& holders) const;

  const Node& node() const { return node_; }
  std::size_t backing_off() const { return visits_.backing_off(); }

 private:
  friend class ItemVisit;

  /// What an item takes. Throws std::runtime_error if that can't be told, or can't be had.
  Admission::Needs needs_of(const Item& item) const;
  /// Of one of its admission's limits.
  const std::string& limit_name(std::size_t limit) const {
    return visits_.admission().settings()[limit].name;
  }
  /// Pauses its limits, as far as the item takes part in them.
  void pause(const Item& item, std::chrono::nanoseconds pause) noexcept;

  void halt() noexcept override { visits_.admission().halt(visits_.party()); }
  void resume() noexcept override { visits_.admission().resume(visits_.party()); }
  /// Limits that others share are not held while what was given out finds no room: those who make
  /// room may need them. It begins nothing meanwhile.
  PermitHolder holder(Permit permit) {
    return PermitHolder(std::move(permit), limits_.named.empty() ? nullptr : this);
  }

  /// Nobody wants what comes of its items any more: those that wait do so no longer. A task of its
  /// own, as whoever says so may hold a lock that their ends want.
  struct Dismissal final : Executor::Task {
    explicit Dismissal(Station& its) : of(its) {}
    void run() noexcept override;
    bool is_short() const noexcept override { return true; }
    Station& of;
  };

  void enter_line() noexcept;
  void enter_each(const Backlog::Entry& entry) noexcept;
  /// An item has been admitted for the first time, or will never be.
  void left_line() noexcept;

  Node& node_;
  /// An item in work.
  struct InWork {
    std::string text;
    std::string key;
    std::int64_t number = 0;
    std::int64_t attempt = 1;
    Clock::Point began;
    Clock::Duration held_back{0};  ///< while it waited for its commands to be started
    bool is_held_back = false;
    std::string last_line;                ///< that its command has written
    std::vector<std::string> limit_keys;  ///< of `limits_.named`, where any has keys
  };
  std::list<InWork>::iterator begin_work(InWork item);
  void note_line(std::list<InWork>::iterator item, const std::string& line);
  void hold_back(std::list<InWork>::iterator item) noexcept;
  void go_on(std::list<InWork>::iterator item, Clock::Duration held_back) noexcept;
  void end_work(std::list<InWork>::iterator item) noexcept;

  const Limits limits_;
  Visits visits_;
  /// Null where others have their turns at the same limits, in the order in which their items came;
  /// and where items may need no turn, as they are done already.
  const std::unique_ptr<Backlog> backlog_;
  std::unique_ptr<OldOrder> old_order_;
  Executor& executor_;
  ThreadPool* const threads_;
  StationRecords& records_;
  Dismissal dismissal_{*this};
  const FailurePolicy policy_;
  Pace pace_;  // of the node's code between two waits
  std::atomic<Clock::Point> paused_until_{};
  const bool is_watched_;                   // its items in work are to be known
  std::atomic<std::int64_t> held_back_{0};  // of its items in work
  mutable std::mutex in_work_mutex_;
  std::list<InWork> in_work_;  // the oldest first
};

}  // namespace weir::runtime
