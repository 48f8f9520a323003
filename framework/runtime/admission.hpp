#pragma once

/// Admission through limits: who may work now, in the order of arrival.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/permit.hpp"

namespace weir::runtime {

/// Several limits that requests pass together: those of one function, or all that are connected by
/// functions which need more than one of them.
///
/// First come, first served: a request is admitted when it is the first that waits at each limit
/// that it needs, and all of them have room. So the oldest request of all waits for nothing but
/// work that is under way: there is no deadlock, and a heavy request is not overtaken.
///
/// Safe from any thread. No lock is held while requests are called. They are called one after
/// another, not inside of each other: one that ends its work at once lets the next one in when it
/// has returned.
class Admission {
 public:
  /// What is not set does not limit.
  struct Settings {
    std::string name;
    std::optional<std::int64_t> slots;
    /// From one start to the next. A late start is made up for by a quarter of it at most, so two
    /// starts are three quarters of it apart, or more.
    std::optional<Clock::Duration> interval;
    std::optional<std::int64_t> memory;  ///< bytes
  };

  /// What a request takes of one limit: nothing is negative.
  struct Need {
    std::uint32_t limit = 0;  ///< index into the settings
    std::string key;          ///< each key has a limit of its own; idle ones are forgotten
    std::int64_t slots = 1;   ///< more than the limit ever has: it waits until it is alone
    std::int64_t memory = 0;  ///< the same
  };
  using Needs = std::vector<Need>;  ///< no limit's key twice

  /// What kept a request waiting, last.
  struct Hold {
    /// `room`: for its party, which was halted.
    enum class For : std::uint8_t { slots, memory, rate, pause, room };
    std::size_t limit = 0;  ///< index into the settings; nothing of it lacks if it is for `room`
    For why = For::slots;
  };

  /// Those who belong together. Must outlive its requests.
  class Party {
    friend class Admission;
    int halts_ = 0;
    bool is_dismissed_ = false;
  };

  /// Someone who wants in. Stays where it is until one of the two has been called, once.
  class Request {
   public:
    virtual void admitted(Permit permit) noexcept = 0;
    /// The admission has been closed, or its party dismissed.
    virtual void refused() noexcept = 0;

    /// `party` may be null: then it is halted by nobody.
    explicit Request(const Party* party = nullptr);

    /// Whose it is, for those who look.
    virtual std::string_view owner() const noexcept { return {}; }

   protected:
    ~Request();
    /// In and after `admitted`: what it waited for last; nullopt: it did not wait.
    const std::optional<Hold>& hold() const { return hold_; }

   private:
    friend class Admission;
    struct Grant;
    const Party* const party_;
    std::unique_ptr<Grant> grant_;
    std::optional<Hold> hold_;
  };

  class Deferral;

  Admission(std::vector<Settings> limits, Clock& clock);
  /// Nobody may wait any more, all permits must be back, and its alarm must not be ringing.
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  /// Waits behind all that came before. `admitted` may be called before this returns. Throws
  /// std::bad_alloc; then the request is not in.
  void enter(Request& request, Needs needs);
  /// The same, for one slot of the only limit.
  void enter(Request& request);

  /// Refuses what waits, and all that comes. What has been admitted goes on.
  void close() noexcept;

  /// Fewer than are taken: nothing starts until enough have been given back.
  void set_slots(std::size_t limit, std::int64_t slots) noexcept;
  std::optional<std::int64_t> slots(std::size_t limit) const;
  /// Nothing is admitted there before `until`; of two pauses the longer one counts.
  void pause(std::size_t limit, const std::string& key, Clock::Point until) noexcept;

  /// None of the party is admitted, nor in the way of others, until `resume` has been called as
  /// often. Each keeps its place in the order of arrival. Who needs no limit is not halted.
  void halt(Party& party) noexcept;
  void resume(Party& party) noexcept;
  bool is_halted(const Party& party) const;

  /// Refuses those of the party that wait, and all of it that come. As `close`, for one party.
  void dismiss(Party& party) noexcept;

  /// How a limit stands; of one with keys, each key that is not idle.
  struct State {
    std::string name;
    std::string key;
    std::optional<std::int64_t> slots;
    std::int64_t taken = 0;   ///< slots
    std::int64_t memory = 0;  ///< bytes taken
    std::int64_t running = 0;
    std::int64_t waiting = 0;
    std::optional<Clock::Point> not_before;  ///< it pauses, or its rate says so
    bool paused = false;
    std::vector<std::pair<std::string, std::int64_t>> waiters;  ///< owners, and how many of theirs
  };
  std::vector<State> states() const;
  /// As they were given; `states` says how many slots there are now.
  const std::vector<Settings>& settings() const { return settings_; }

 private:
  using Grant = Request::Grant;
  struct Queue;
  class Wake;
  class Calls;

  void leave(Grant& grant) noexcept;
  Queue& queue_of(std::size_t limit, const std::string& key);
  void enter_queues(Request& request, Needs needs);
  std::optional<Hold::For> lacks(const Queue& queue, const Need& need) const;
  Clock::Point not_before(const Queue& queue) const;
  static bool is_halted(const Party* party) { return party != nullptr && party->halts_ != 0; }
  static Request* first_of(const Queue& queue);
  void pump(Queue& changed, Calls& calls) noexcept;
  bool try_admit(Request& request, Calls& calls) noexcept;
  void pump_all(Calls& calls) noexcept;
  static void refuse_waiting(Queue& queue, const Party* party, Calls& calls) noexcept;
  void pump_timed(Calls& calls) noexcept;
  void forget_if_idle(Queue& queue) noexcept;
  void set_time(Queue& queue, Clock::Point at) noexcept;
  void set_alarm() noexcept;
  void woken() noexcept;

  const std::vector<Settings> settings_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<std::optional<std::int64_t>> slots_;  // as they are now
  std::vector<std::map<std::string, std::unique_ptr<Queue>, std::less<>>> queues_;
  std::set<std::pair<Clock::Point, Queue*>> timed_;  // whose first waits for a time
  std::vector<Queue*> changed_;                      // of pump
  std::unique_ptr<Wake> wake_;
  std::uint64_t arrivals_ = 0;
  bool closed_ = false;
};

/// "slots", "memory", "rate", "pause", "room"
std::string_view to_string(Admission::Hold::For why);

/// Calls requests when it ends, when locks are free again. Calls made inside of such a call wait
/// for it to return: however long a row of requests that end at once, the stack stays flat.
class Admission::Calls {
 public:
  Calls() = default;
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  /// The permit is asked for when there is a place for it: one that went without would give itself
  /// back, under the lock of those who call this.
  template <typename MakePermit>
  void admit(Request& request, const MakePermit& make_permit) {
    Call& call = calls_.emplace_back(Call{&request, true, Permit()});
    call.permit = make_permit();
  }
  void refuse(Request& request) { calls_.push_back({&request, false, Permit()}); }

  /// Collects the calls of others on this thread from now on, if nobody does yet.
  void collect() noexcept {
    if (collecting_ == nullptr) collecting_ = this;
  }

 private:
  struct Call {
    Request* request;
    bool is_admitted;
    Permit permit;
  };

  static thread_local Calls* collecting_;
  std::vector<Call> calls_;
};

/// As long as there is one on a thread, no request is called there; then they are. For those who
/// hold a lock that a request may want.
class Admission::Deferral {
 public:
  Deferral() noexcept { calls_.collect(); }

 private:
  Calls calls_;
};

}  // namespace weir::runtime
