#pragma once

/// What a child reads from its standard input.

#include <cstddef>
#include <string>

#include "io/loop.hpp"

namespace weir::io {

/// Writes a text into a pipe as fast as it is read, then closes it. SIGPIPE must be ignored.
class InputPipe {
 public:
  InputPipe(Loop& loop) : watch_(loop) {}

  /// Makes the pipe; `child_end` is for the child. Gives errno, or 0.
  int open(Descriptor& child_end);
  /// A reader that closes early is not an error: what is left is thrown away.
  void start(std::string text);
  void close() { watch_.close(); }
  /// Why the rest could not be written though there may be a reader: errno, or 0.
  int error() const { return error_; }

 private:
  void write_more();

  Watch watch_;
  std::string text_;
  std::size_t written_ = 0;
  int error_ = 0;
};

}  // namespace weir::io
