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
  /// `columns` and `rows`: its size; 0: it doesn't say.
  Terminal(const Strings& command, const Start& start, unsigned short columns = 0,
           unsigned short rows = 0);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Types it: "\x03" is Ctrl-C, "\x1a" Ctrl-Z.
  void type(const std::string& keys) const;
  /// Blocks until this is on the screen, behind what was waited for before; throws if the program
  /// ends before.
  void wait_for(const std::string& text);
  /// The program, and whoever else is in the foreground, is told.
  void resize(unsigned short columns, unsigned short rows) const;
  /// Blocks until nobody has it open any more.
  void wait_for_end();
  /// All that has been written to it.
  const std::string& screen() const { return screen_; }

 private:
  /// False: the other side is closed.
  bool read_more();

  int terminal_ = -1;
  pid_t pid_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;
};

}  // namespace weir::e2e
