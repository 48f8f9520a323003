#pragma once

/// What children leave behind: processes that they started and that outlive them.

#include <memory>
#include <sys/types.h>

namespace weir::io {

/// Knows the processes that were left behind, and ends them when it is told to. For the reactor's
/// thread.
class Stragglers {
 public:
  virtual ~Stragglers() = default;

  /// A child was started; it leads the process group of its own number.
  virtual void leader_started(pid_t pid) = 0;
  /// It was reaped, this moment; `last_signal` is what its group was sent last, or 0.
  virtual void leader_reaped(pid_t pid, int last_signal) = 0;

  /// Forgets, and where they are ours reaps, those that have ended. Sends `signal` to the others,
  /// unless it is 0: SIGKILL every time, another one once (many programs take a second SIGTERM for
  /// "at once"). Gives whether any may be left.
  virtual bool sweep(int signal) = 0;
};

/// What stays in the process groups of the children. It changes nothing about this process, and
/// does not see what has left its group (setsid).
std::unique_ptr<Stragglers> groups_left();

/// All that is left behind: this process must be a child subreaper, so that orphans become its
/// children. Of its children these are not taken for orphans: those that were there before, those
/// in its own process group (what system() and popen() start), and those announced by
/// `leader_started`.
std::unique_ptr<Stragglers> adopted_orphans();

}  // namespace weir::io
