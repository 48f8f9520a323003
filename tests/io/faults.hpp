#pragma once

/// System calls that fail when a test wants them to. The linker puts what is in faults.cpp in the
/// place of the C library's functions, for everything that is linked into the test's program.

#include <array>
#include <atomic>

namespace weir::io::test {

/// `epoll_ctl`: what adds a descriptor. `close_range`: about the first one.
enum class Call {
  read,
  write,
  pipe,
  pidfd_open,
  accept,
  eventfd,
  timer,
  epoll,
  epoll_ctl,
  close_range
};

/// While it exists, calls of one function fail; those of the program that are not meant are let
/// through by `only`, which is given the descriptor that the call is about (-1: none). There can be
/// one for each function at a time.
class Fault {
 public:
  struct Which {
    int first = 1;  ///< that fails, counted from 1
    int count = 1 << 30;
  };

  Fault(Call call, int error, Which which, bool (*only)(int descriptor) = nullptr);
  Fault(Call call, int error) : Fault(call, error, Which{}) {}
  ~Fault();
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;

  /// How many of them there were, and how many have failed.
  int seen() const;
  int failed() const;

 private:
  Call call_;
};

bool is_pipe(int descriptor);

}  // namespace weir::io::test
