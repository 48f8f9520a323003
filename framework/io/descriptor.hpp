#pragma once

/// File descriptors that close themselves, and pipes.

#include <cstddef>
#include <utility>

namespace weir::io {

/// Owns one file descriptor. Every descriptor made here is close-on-exec.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void close();

 private:
  int number_ = -1;
};

/// Both ends block: the end that a child gets must, and the loop makes its own non-blocking.
struct Pipe {
  Descriptor read;
  Descriptor write;

  explicit operator bool() const { return read && write; }
};

/// A pipe's usual capacity, and how much is read or written in one go: with more, one loud child or
/// fast reader would keep the others waiting.
constexpr std::size_t pipe_chunk = std::size_t{64} << 10;
constexpr int pipe_chunks_at_once = 4;

/// Both numbers are above 2, so that neither is in the way when they become a child's standard
/// streams, even if this process was started with those closed. Empty, with errno, on failure.
Pipe make_pipe();

/// /dev/null for reading, above 2. Throws std::system_error.
Descriptor open_null();

/// Whether at least `count` more descriptors can be opened, give or take a few.
bool room_for_descriptors(int count);

}  // namespace weir::io
