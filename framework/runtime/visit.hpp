#pragma once

/// One item's way through a function that waits or blocks: admission, attempts, the waits between
/// them, the end. Knows neither nodes nor oneTBB nor real time.

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <random>

#include <weir/abi.hpp>

#include "runtime/admission.hpp"
#include "runtime/clock.hpp"

namespace weir::runtime {

class Visit;

/// How an attempt came to its end.
struct AttemptEnd {
  abi::End end = abi::End::done;
  bool retry = false;  ///< it failed, in a way that is worth another attempt
};

/// What all visits of one function share. Must outlive them.
class Visits {
 public:
  struct Settings {
    std::int64_t attempts = 1;      ///< in all
    Clock::Duration first_wait{0};  ///< 0: the next attempt follows at once
    Clock::Duration longest_wait{0};
    std::uint64_t seed = 1;  ///< of the jitter
  };

  Visits(Admission& admission, Clock& clock, Settings settings)
      : admission_(admission), clock_(clock), settings_(settings), random_(settings.seed) {}
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  /// Closes the admission; what waits for a permit, or for its next attempt, is cancelled.
  void stop() noexcept;
  /// The same for these visits only: nobody wants what comes of them any more. What comes later is
  /// cancelled, too.
  void dismiss() noexcept;

  Admission& admission() const { return admission_; }
  Admission::Party& party() { return party_; }
  const Admission::Party& party() const { return party_; }
  Clock& clock() const { return clock_; }
  const Settings& settings() const { return settings_; }
  /// How many wait for their next attempt.
  std::size_t backing_off() const;
  /// When the first of them has it; nullopt: none waits.
  std::optional<Clock::Point> next_attempt() const;

 private:
  friend class Visit;

  void cancel_waiting() noexcept;
  std::optional<Clock::Duration> wait_before(std::int64_t attempt);

  Admission& admission_;
  Admission::Party party_;
  Clock& clock_;
  const Settings settings_;
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::list<Visit*> waiting_;  // for their next attempt
  bool is_over_ = false;       // no attempt is to begin any more
};

/// Made for an item, then `arrive`d; it ends with exactly one call of `over`, the last thing that
/// is called, in which it may destroy itself.
///
/// The permit is held during attempts and at no other time. Waits between attempts follow
/// exponential back-off with jitter ("equal jitter": from half of the wait to all of it).
class Visit : protected Admission::Request, private Clock::Alarm {
 public:
  explicit Visit(Visits& of) : Request(&of.party_), of_(of) {}
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  /// Waits for a permit; an attempt may begin before this returns.
  void arrive() noexcept;

  std::int64_t attempts() const { return attempts_; }

 protected:
  virtual ~Visit() = default;

  /// What it takes of the limits. Throws if that can't be told: then the item fails.
  virtual Admission::Needs needs() = 0;
  /// Called while that is caught. Ends the visit, by `over`.
  virtual void needs_failed() noexcept = 0;
  /// Begins an attempt; `attempt_ended` follows, before or after this returns.
  virtual void attempt(Permit permit) noexcept = 0;
  /// Another attempt will follow, after `wait`, unless there is a stop, or the visits are
  /// dismissed. Called before it waits.
  virtual void will_retry(Clock::Duration /*wait*/) noexcept {}
  /// Another attempt would follow, but for that.
  virtual void will_not_retry() noexcept {}
  virtual void over(abi::End end) noexcept = 0;

  /// The permit has been given back, or goes back before this.
  void attempt_ended(AttemptEnd end) noexcept;

 private:
  friend class Visits;
  bool back_off(Clock::Duration wait) noexcept;
  void admitted(Permit permit) noexcept override;
  void refused() noexcept override;
  void ring() noexcept override;

  Visits& of_;
  std::int64_t attempts_ = 0;
  std::list<Visit*>::iterator waiting_at_;
  Clock::Point waits_until_{};
};

}  // namespace weir::runtime
