#pragma once

/// One running child process: its pipes, its exit, its end.

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>

#include <weir/process.hpp>

#include "io/environment.hpp"
#include "io/input_pipe.hpp"
#include "io/loop.hpp"
#include "io/output_pipe.hpp"
#include "io/reactor.hpp"
#include "io/spawn.hpp"
#include "io/stragglers.hpp"

namespace weir::io {

/// What all children of a reactor share.
struct ChildSetup {
  ChildSetup(Loop& its_loop, Stragglers& its_stragglers, const ReactorOptions& options);

  Loop& loop;
  Stragglers& stragglers;
  std::chrono::milliseconds drain;  ///< how long left-behind writers are listened to
  std::chrono::milliseconds grace;  ///< from TERM to KILL for one that takes too long
  Environment environment;
  std::atomic<pid_t>* starting = nullptr;  ///< the guard's, or null
  Descriptor null = open_null();
  Spawner spawner{null};
  sigset_t defaults;  ///< dispositions that this process may have changed and children must not see
};

class Child {
 public:
  class Owner {
   public:
    /// The child is over, everything of it closed. It may be destroyed in this call.
    virtual void child_ended(Child& child, ProcessOutcome outcome) = 0;

   protected:
    ~Owner() = default;
  };

  /// `process` is told what it writes, and nothing else.
  Child(ChildSetup& setup, Owner& owner, Process& process, std::size_t output_cap);

  enum class Start {
    started,     ///< `child_ended` will be called
    refused,     ///< `error` says why
    exhausted,   ///< `exhaustion()` says what: try again later, with a new Child
    impossible,  ///< no command can be started, whatever it is: `error` says why
  };

  /// Takes the command's input if it has started, and leaves `command` unchanged otherwise.
  /// It is ended `timeout` after its start: as `timed_out`.
  Start start(Command& command, std::chrono::nanoseconds timeout, std::string& error);

  /// The error that was in the way of its start: `is_exhaustion`.
  int exhaustion() const { return exhaustion_; }

  /// TERM to its group. From now on it ends as `cancelled`, unless it has exited before.
  void terminate();
  /// KILL to its group, now and again at its exit.
  void kill();
  /// STOP to its group, and CONT after `pause`, in which its timeout stood still.
  void suspend();
  void resume(Clock::duration pause);
  /// After `kill`: ends it as `cancelled` without waiting for it any longer.
  void abandon();

 private:
  bool has_exited() const;
  void time_out();
  void watch_exit();
  void look_for_exit();
  int wait_for_exit(siginfo_t& info, rusage* used, int options) const;
  void reap();
  void end_of_output();
  std::string explain_faults() const;
  void end(std::string error = "");

  ChildSetup& setup_;
  Owner& owner_;
  pid_t pid_ = 0;
  Clock::time_point started_;
  std::optional<ProcessResult> exited_;
  std::chrono::nanoseconds cpu_{0};
  int exhaustion_ = 0;
  int lost_ = 0;         ///< why its exit status is not known: errno; 0: it is
  int last_signal_ = 0;  ///< that its group was sent
  InputPipe input_;
  OutputPipe out_;
  OutputPipe err_;
  Watch exit_;
  Alarm alarm_;
  std::unique_ptr<Alarm> timeout_;
  bool timed_out_ = false;
};

}  // namespace weir::io
