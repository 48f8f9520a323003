#pragma once

/// vfork, exec and pidfd, and nothing else.

#include <atomic>
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

/// Starts a process as the leader of a process group of its own, with an empty signal mask, the
/// dispositions of `defaults` as they are by default, and no other descriptor of this process's.
/// Blocks until its exec has worked or failed; it has worked if the result's `error` is 0: then
/// `pid` is the new process. If `starting` is not null, the new process writes its number there
/// before its exec: this one may be killed before it learns of it. It is cleared if the exec fails.
SpawnEnd spawn(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
               std::atomic<pid_t>* starting, pid_t& pid);

/// A descriptor that becomes readable when the process ends. The process must be a child that has
/// not been reaped, so that the number can't mean another one. Empty, with errno, on failure.
Descriptor open_pidfd(pid_t pid);

}  // namespace weir::io
