#pragma once

/// What a child writes to one of its output streams.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "io/loop.hpp"

namespace weir::io {

/// Reads a pipe as it fills, keeps the first `cap` bytes and counts the rest.
class OutputPipe {
 public:
  /// `tap` is called with all that comes.
  OutputPipe(Loop& loop, std::size_t cap, std::function<void(std::string_view)> tap)
      : watch_(loop), cap_(cap), tap_(std::move(tap)) {}

  /// Makes the pipe; `child_end` is for the child. Gives errno, or 0.
  int open(Descriptor& child_end);
  /// Reads as data comes; `at_end` is called when no writer is left. It may destroy this.
  void start(std::function<void()> at_end);
  /// Reads what is there without waiting, at most about a pipe's full capacity.
  void read_available();
  /// Stops reading. A writer that is left gets SIGPIPE.
  void close() { watch_.close(); }

  bool is_open() const { return watch_.is_open(); }
  /// Why it was closed before its end: errno; 0 if it was not. What followed is lost.
  int error() const { return error_; }
  std::string take_kept() { return std::move(kept_); }
  std::uint64_t dropped() const { return dropped_; }

 private:
  void wait();
  void keep(const char* data, std::size_t size);

  Watch watch_;
  std::size_t cap_;
  std::function<void(std::string_view)> tap_;
  std::string kept_;
  std::uint64_t dropped_ = 0;
  int error_ = 0;
  std::function<void()> at_end_;
};

}  // namespace weir::io
