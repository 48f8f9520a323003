#pragma once

/// Programs at a terminal of their own.

#include <string>
#include <sys/types.h>

#include "support.hpp"

namespace weir::e2e {

/// A pseudo-terminal whose session is led by a program. The program, and the job that it has in the
/// foreground, are killed at the end if they still run.
class Terminal {
 public:
  Terminal(const Strings& command, const Start& start);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Types it: "\x03" is Ctrl-C, "\x1a" Ctrl-Z.
  void type(const std::string& keys) const;
  /// Blocks until this is on the screen, behind what was waited for before; throws if the program
  /// ends before.
  void wait_for(const std::string& text);
  /// All that is on the screen.
  const std::string& screen() const { return screen_; }

 private:
  int terminal_ = -1;
  pid_t pid_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
};

}  // namespace weir::e2e
