#pragma once

/// An item at a function that waits or blocks, from its arrival to its end.

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/station.hpp"

namespace weir::runtime {

/// Owns the item; made by a station, destroys itself.
class ItemVisit final : public Visit, private Executor::Task, private OldOrder::Waiter {
 public:
  using Time = std::chrono::steady_clock;

  /// `message` brings one item. `arrived_ns`: when it came, if that was before now; else 0.
  ItemVisit(Station& station, Message message, std::int64_t arrived_ns = 0);

  /// The item has come: it waits for admission, or is known to be done already.
  void begin() noexcept;

  Node& node() const { return station_.node_; }
  Executor& executor() const { return station_.executor_; }
  const FailurePolicy& policy() const { return station_.policy_; }
  StationRecords& records() const { return station_.records_; }

  abi::Batch* batch() const { return batch_.get(); }
  Item item() const { return Item::view(batch_.get(), 0); }
  abi::BatchPtr take_batch() { return std::move(batch_); }
  abi::BatchPtr share_batch() const { return batch_.share(); }

  /// The item has been taken, and is there again.
  void keep(abi::BatchPtr batch) { batch_ = std::move(batch); }
  /// Its text, for people, is as now: the item will not be there at its end.
  void note_text() { text_ = text_of(item()); }

  /// Whether somebody may look at the items in work, and at what their commands write.
  bool is_watched() const { return station_.is_watched_; }
  /// Its text, of one in work that is watched.
  std::string_view text_in_work() const {
    return in_work_ ? std::string_view((*in_work_)->text) : std::string_view();
  }
  /// Its attempt is held back until its command can be started; and goes on, having waited so long
  /// in all, or comes to its end without. From any thread, one at a time.
  void hold_back() noexcept;
  void go_on(Time::duration held_back, bool is_to_end) noexcept;
  /// What its command has written last. Throws std::bad_alloc.
  void note_line(const std::string& line) {
    if (in_work_) station_.note_line(*in_work_, line);
  }
  /// Whether what the attempt's command wrote has been shown, as far as a failure would show it.
  void note_shown(bool is_shown) { output_is_shown_ = is_shown; }

  /// Who the item is. Throws.
  ItemRecord& record();

  /// Whether the item has to be there for another attempt, whatever the node does with it.
  bool keeps_item() const { return node().planned.retry.attempts > 1; }
  /// Whether what is given out has to wait for the attempt's end.
  bool holds_output() const { return holds_output_; }

  /// Runs code of the node's on this thread, and notes how long that took.
  template <class F>
  void run_timed(F&& code) noexcept {
    Pace& pace = station_.pace_;
    const Time::time_point began = Time::now();
    code();
    pace.note(Time::now() - began > kLong);
  }
  /// Whether that is best done on a worker.
  bool takes_long() const { return station_.pace_.is_long(); }

  PermitHolder holder(Permit permit) const { return station_.holder(std::move(permit)); }

  /// An attempt has failed; `output` is what its command wrote. True:
  /// another one follows, and this one has to leave the visit alone from now on.
  bool will_be_retried(const Failure& failure, std::string_view output, Time::duration busy,
                       PermitHolder& permit, const Measured& measured = {}) noexcept;
  /// An attempt has ended, and so has the item. `failure` if it failed.
  void end(abi::End end, const Failure* failure, Time::duration busy, std::vector<Output> outputs,
           PermitHolder& permit, const Measured& measured = {}) noexcept;

 private:
  static constexpr std::chrono::microseconds kLong{200};

  std::string_view owner() const noexcept override { return node().planned.name; }
  Admission::Needs needs() override;
  void needs_failed() noexcept override;
  void note_needs(const Admission::Needs& needs);
  void note_admission();
  void attempt(Permit permit) noexcept override;
  void will_retry(Clock::Duration wait) noexcept override { tell_of_failure(seconds_of(wait)); }
  void will_not_retry() noexcept override { tell_of_failure(std::nullopt); }
  void tell_of_failure(std::optional<double> wait) noexcept;
  static double seconds_of(Time::duration duration) {
    return std::chrono::duration<double>(duration).count();
  }
  void over(abi::End end) noexcept override;

  // Executor::Task
  void run() noexcept override;
  bool is_short() const noexcept override { return false; }

  /// What a worker has to do: a queue with a capacity brings items under its lock, which is wanted
  /// for taking one out of it.
  enum class Later : std::uint8_t { nothing, settle, leave, fail };

  void do_later(Later what) noexcept;
  void settle_or_arrive() noexcept;
  bool settle_without_work();
  bool settle(Decision decision);
  template <class F>
  void unless_settled(F&& settled) noexcept;
  void has_turn() noexcept override;
  void skip(std::vector<Output> outputs);
  void leave() noexcept;
  void begin_record();
  void fail_for_needs() noexcept;
  void begin_attempt() noexcept;
  void take_out();
  void note_begin();
  void note_end() noexcept;

  Station& station_;
  Message message_;
  const std::uint64_t number_;
  abi::BatchPtr batch_;
  Permit permit_;
  std::string text_;
  std::unique_ptr<ItemRecord> record_;
  bool holds_output_;
  std::vector<std::string> limit_keys_;
  std::optional<std::list<Station::InWork>::iterator> in_work_;
  bool output_is_shown_ = false;  // of the attempt that has ended
  const std::int64_t arrived_ns_;
  bool is_in_line_;  // of a station with a backlog, until its first admission
  Later later_ = Later::nothing;
  std::string needs_error_;
  const FailedAttempt* failed_ = nullptr;  // while it is decided what follows
  bool is_written_ = false;                // that an attempt has begun
  bool has_ended_ = false;
};

}  // namespace weir::runtime
