#pragma once

/// One thread that waits for everything outside of the process: timers, child processes, signals.
///
/// The work itself never runs here. A completion is a plain function call on the reactor's thread
/// that must return at once (hand the rest to a worker).

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/process.hpp>

namespace weir::io {

class Guard;

/// A wait that has been asked for. Whoever asks owns it and keeps it alive, at the same address,
/// until `complete` has been called: exactly once, on the reactor's thread, also when it is
/// cancelled.
class Timer {
 public:
  /// `cancelled` is true if `Reactor::cancel_all` ended it before its time.
  virtual void complete(bool cancelled) noexcept = 0;

 protected:
  ~Timer() = default;
};

/// How a process came to its end, beside its result.
enum class ProcessEnd {
  exited,       ///< `result` says how
  not_started,  ///< `error` says why: no such program, no such directory, argument too long…
  cancelled,    ///< `Reactor::cancel_all` ended it, or it was not started because of that
  timed_out,    ///< it took longer than it may, and was ended as by `cancel_all`
};

struct ProcessOutcome {
  ProcessEnd end = ProcessEnd::exited;
  ProcessResult result;
  /// One line, what and why: for `not_started`; for one whose exit status is lost, or whose
  /// streams could not be passed on to their end; and for a `cancelled` one that not even SIGKILL
  /// could end. Else empty.
  std::string error;
  bool started = true;              ///< false of a `cancelled` one that never was
  std::chrono::nanoseconds cpu{0};  ///< that it and those that it waited for have used
};

/// How a process is run, beside its command.
struct ProcessTerms {
  /// From its start on; what it waits for the start itself does not count.
  std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max();
  /// `cancel_all` neither ends it nor keeps it from being started; `kill_all` does.
  bool cleans_up = false;
  /// Whoever asks has done nothing yet that it would be the next step of: `begin_nothing` keeps it
  /// from being started.
  bool begins = false;
};

enum class Stream : std::uint8_t { out, err };

/// The same for a child process.
class Process {
 public:
  virtual void complete(ProcessOutcome outcome) noexcept = 0;
  /// It runs now: it has waited for that until here, as the system had no room for it, say.
  virtual void started() noexcept {}
  /// What it has written, all of it, as it comes; on the reactor's thread, before `complete`.
  virtual void wrote(Stream /*stream*/, std::string_view /*bytes*/) noexcept {}

 protected:
  ~Process() = default;
};

struct ReactorOptions {
  /// From SIGTERM to SIGKILL for a cancelled process group.
  std::chrono::milliseconds grace{5000};
  /// How long the pipes of a process that has exited are still read, if something that it left
  /// behind holds them open.
  std::chrono::milliseconds drain{100};
  /// Become the parent of everything that the children leave behind, to reap it and to end it with
  /// the reactor, wherever it hid (setsid): for a program that is there for its reactor alone. Then
  /// all children of this process outside of its own process group count as left behind, but for
  /// those that are older than the reactor. It must be the only reactor of its process.
  /// Without it, what stays in the children's process groups is ended, and nothing else.
  bool adopt_orphans = false;
  /// Is called, on the reactor's thread, with a line for people: once for each kind of thing that
  /// has run out, so that fewer processes than asked for run at a time. Or empty.
  std::function<void(const std::string& line)> note;
  /// Is called, on the reactor's thread, with what is missing, when for `patience` no process ran
  /// and none could be started, or as soon as the system refuses to make any; after that everything
  /// is cancelled as by `kill_all`. Or empty: what waits then waits on, and what is refused is
  /// `not_started`.
  std::function<void(const std::string& line)> stuck;
  std::chrono::milliseconds patience{30'000};
  /// Is told of all children, which get its mark; it must outlive the reactor. Or nullptr.
  Guard* guard = nullptr;
  /// Variables that all children get, on top of this process's environment.
  std::vector<std::pair<std::string, std::string>> environment;
};

/// While there is one, the process ignores SIGPIPE and SIGXFSZ, and does not ignore SIGCHLD.
class Reactor {
 public:
  /// Opens the few descriptors that it needs, and takes a copy of the environment for the children.
  /// Throws std::runtime_error if the system refuses, std::logic_error about `adopt_orphans`.
  explicit Reactor(ReactorOptions options = {});
  /// Cancels what is still under way, waits for it and for what children left behind (at most for
  /// the grace and 2 s more: what SIGKILL does not end by then is left), ends the thread. Not from
  /// a completion.
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // All of these may be called from any thread. Where there is no memory to ask the reactor for
  // something, nobody would ever hear of it again: that ends the program (std::terminate).

  void start_timer(Timer& timer, std::chrono::nanoseconds after) noexcept;
  /// When descriptors, processes or memory have run out it waits, in its order, until there are
  /// some.
  void start_process(Process& process, Command command, ProcessTerms terms = {}) noexcept;

  /// Runs `task` on the reactor's thread. It must not throw: that would end the program.
  void post(std::function<void()> task);

  /// Processes that begin something (`ProcessTerms::begins`) and still wait to be started are
  /// cancelled, and so are those that come later. All others go on.
  void begin_nothing();

  /// Ends every timer at once and every process by TERM to its group, then KILL after the grace to
  /// what is left of it, even if the process itself has been completed by then.
  /// What is started from now on is cancelled at once.
  void cancel_all();

  /// No grace any more, for nobody: KILL to every process group now. Implies `cancel_all`.
  void kill_all();

  /// Does what SIGTSTP (Ctrl-Z) does by default, which is nothing where nobody could continue this
  /// process, and has the commands' process groups stopped meanwhile: their timeouts, and the grace
  /// of those that are being ended, stand still. The time of timers goes on.
  void suspend();

  /// Calls `handler` on the reactor's thread for each of `signals` that the process gets. The
  /// signals are the reactor's until it is destroyed. Call it once, before anything is started.
  /// Throws std::logic_error if another reactor has its signals, std::system_error if the system
  /// refuses.
  void on_signal(const std::vector<int>& signals, std::function<void(int)> handler);

  /// Processes under way: asked for and not completed.
  std::size_t processes() const;
  /// What the system has run out of, so that processes wait to be started; empty: nothing.
  std::string lacks() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::io
