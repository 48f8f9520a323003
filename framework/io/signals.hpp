#pragma once

/// Signals that the process gets, as calls on the loop's thread.

#include <functional>
#include <signal.h>
#include <vector>

#include "io/loop.hpp"

namespace weir::io {

/// Does what SIGTSTP does by default: returns when this process has been continued; or at once
/// where nobody could do that, in an orphaned process group.
void stop_this_process();

/// Catches signals from its construction to its destruction, which puts back what was there before.
/// There can be one in a process at a time.
class Signals {
 public:
  /// Throws std::logic_error if there is one already, std::system_error if the system refuses.
  Signals(Loop& loop, std::vector<int> signals, std::function<void(int)> handler);
  /// The loop must not be running.
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Calls the handler from now on, once for each signal caught since the construction. On the
  /// loop's thread, which no longer blocks these signals then, so that one thread at least gets
  /// them. Throws std::system_error if the system has no room to watch for them.
  void listen();

 private:
  void deliver();

  Watch watch_;
  Alarm again_;
  std::vector<int> signals_;
  std::vector<struct sigaction> old_;
  std::function<void(int)> handler_;
  Descriptor event_;
  int event_number_ = -1;
};

}  // namespace weir::io
