#pragma once

/// vfork, exec and pidfd, and nothing else.

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <signal.h>
#include <sys/types.h>

#include "io/descriptor.hpp"
#include "io/launch.hpp"

namespace weir::io {

/// What becomes a child's standard streams: numbers above 2 that stay the caller's.
struct StandardStreams {
  int in;
  int out;
  int err;
};

struct SpawnEnd {
  int error = 0;            ///< errno
  bool has_process = true;  ///< false: none could be made, for whatever program
};

/// Starts processes, at a price that does not grow with what this process has open by then: it
/// keeps three descriptors from its beginning, and a process gets nothing that has a higher number.
/// framework/doc/decisions/0019 says how. Where the system refuses that, it goes without.
///
/// For one thread, which must live as long as the processes.
class Spawner {
 public:
  /// `null` must outlive it.
  explicit Spawner(const Descriptor& null);
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  /// Starts a process as the leader of a process group of its own, with an empty signal mask, the
  /// dispositions of `defaults` as they are by default, and no other descriptor of this process's.
  /// Blocks until its exec has worked or failed; it has worked if the result's `error` is 0: then
  /// `pid` is the new process. If `starting` is not null, the new process writes its number there
  /// before its exec: this one may be killed before it learns of it. It is cleared if the exec
  /// fails.
  SpawnEnd spawn(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
                 std::atomic<pid_t>* starting, pid_t& pid);

  /// Whether a process gets only the first ones of this process's descriptors, as far as is known.
  bool copies_few() const { return copies_few_; }

 private:
  struct Start;

  static int begin_with_few(void* start);
  pid_t start_with_few(Start& start);
  bool set_places(const StandardStreams& streams);
  void empty_places();

  const Descriptor& null_;
  std::array<Descriptor, 3> places_;  ///< of the child's streams during a start; else of `null_`
  std::unique_ptr<std::byte[]> stack_;
  bool copies_few_ = false;
};

/// A descriptor that becomes readable when the process ends. The process must be a child that has
/// not been reaped, so that the number can't mean another one. Empty, with errno, on failure.
Descriptor open_pidfd(pid_t pid);

}  // namespace weir::io
