#pragma once

/// The child processes under way: those that run, and those that wait for room.

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "io/child.hpp"
#include "io/exhaustion.hpp"
#include "io/loop.hpp"
#include "io/reactor.hpp"
#include "io/runnable.hpp"

namespace weir::io {

/// Starts processes in the order in which they were asked for. One that finds the system exhausted
/// waits, and all behind it, until a child ends or a moment has passed: that is never its failure.
///
/// For the reactor's thread, but for `announce`, `under_way` and `lacks`.
class Processes final : private Child::Owner {
 public:
  /// `all_ended` is called when the last one has been completed; `stuck` once, if the options want
  /// to know of that, with the same line. It must not call back at once.
  Processes(Loop& loop, Stragglers& stragglers, const ReactorOptions& options,
            std::function<void()> all_ended,
            std::function<void(const std::string& line)> stuck = {});

  /// Counts one that `start` will be called for. From any thread.
  void announce() { under_way_.fetch_add(1, std::memory_order_relaxed); }
  /// Announced and not completed.
  std::size_t under_way() const { return under_way_.load(std::memory_order_relaxed); }

  /// What has run out, if that keeps processes waiting; else empty. From any thread.
  std::string lacks() const;

  void start(Process& process, std::unique_ptr<Command> command, ProcessTerms terms);

  /// Those that begin something and wait, and all such that come, are completed as cancelled.
  void begin_nothing();

  // Those that clean up are left alone, but by `kill_cleanups`.

  /// TERM to all. Those that wait, and all that come, are completed as cancelled.
  void terminate();
  /// KILL to all.
  void kill();
  /// KILL to those that clean up; no further ones are started.
  void kill_cleanups();
  /// STOP to all groups, those that clean up included; and CONT after `pause`, in which no timeout
  /// has run.
  void suspend();
  void resume(Clock::duration pause);
  /// Completes as cancelled those that have survived even that.
  void abandon();

 private:
  struct Waiting {
    Process* process;
    std::unique_ptr<Command> command;
    ProcessTerms terms;
  };
  struct Running {
    Process* process;
    std::unique_ptr<Child> child;
    bool cleans_up;
  };

  bool may_begin(const ProcessTerms& terms) const;
  void cancel_waiting();
  bool try_start(Process& process, Command& command, const ProcessTerms& terms);
  bool may_start();
  void retry_later();
  void start_waiting();
  void is_exhausted(int error);
  bool is_stuck();
  void give_up(const std::string& why);
  void complete(Process& process, ProcessOutcome outcome);
  void child_ended(Child& child, ProcessOutcome outcome) override;

  ChildSetup setup_;
  std::function<void()> all_ended_;
  std::atomic<std::size_t> under_way_{0};
  bool nothing_begins_ = false;
  bool cancelled_ = false;
  bool cleanups_killed_ = false;
  std::deque<Waiting> waiting_;
  std::unordered_map<Child*, Running> running_;
  ExhaustionNotes exhaustion_;
  const bool is_stuck_told_;
  std::function<void(const std::string&)> stuck_;  ///< empty once it has been called
  const Clock::duration patience_;
  std::atomic<int> exhausted_by_{0};             ///< the error of the last start, if it was one
  std::optional<Clock::time_point> idle_since_;  ///< nothing runs, and nothing could be started
  Runnable runnable_;
  const int most_runnable_;
  std::deque<Clock::time_point> starts_;  // of late
  Alarm retry_;
};

}  // namespace weir::io
