#include "io/spawn.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

#include "io/exhaustion.hpp"
#include "io/signals_blocked.hpp"

namespace weir::io {

namespace {

/// Of a child until its exec: it only makes system calls.
constexpr std::size_t stack_size = 64 * 1024;

/// ThreadSanitizer takes vfork for fork: it can't follow two processes in one memory. The child
/// then says by a pipe what went wrong, whose end stands for its exec.
#ifdef __SANITIZE_THREAD__
constexpr bool may_share_memory = false;
#else
constexpr bool may_share_memory = true;
#endif
constexpr int others_close = may_share_memory ? 0 : CLOSE_RANGE_CLOEXEC;

/// Everything that the child does, in the parent's memory, which stands still meanwhile: system
/// calls and nothing else. Comes back only if the program can't be run, with errno.
int become(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
           std::atomic<pid_t>* starting, pid_t parent) {
  if (::setpgid(0, 0) != 0) return errno;  // it could not be ended with all that it starts
  if (starting != nullptr) starting->store(::getpid(), std::memory_order_relaxed);
  // Follows the thread that makes the child. A parent that is gone by now sends nothing any more.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) return ESRCH;
  // A handler of the parent's must not run here. What it caught is blocked until exec, which puts
  // the rest back.
  // What has come until now was sent to the parent's group: ignoring a signal discards it.
  struct sigaction action {};
  for (int signal = 1; signal < NSIG; ++signal) {
    if (::sigismember(&defaults, signal) != 1) continue;
    action.sa_handler = SIG_IGN;
    ::sigaction(signal, &action, nullptr);
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
  if (::dup2(streams.in, STDIN_FILENO) < 0 || ::dup2(streams.out, STDOUT_FILENO) < 0 ||
      ::dup2(streams.err, STDERR_FILENO) < 0) {
    return errno;
  }
  // All of ours are close-on-exec; what other code of this process opens may not be.
  ::close_range(STDERR_FILENO + 1, ~0U, others_close);
  if (!launch.directory.empty() && ::chdir(launch.directory.c_str()) != 0) return errno;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(launch.program.c_str(), launch.argv.data(), launch.environment.data());
  return errno;
}

/// Copies of `null` with the lowest numbers that are free. None if there is no room for all.
std::array<Descriptor, 3> make_places(const Descriptor& null) {
  std::array<Descriptor, 3> places;
  for (Descriptor& place : places) {
    place = Descriptor(::fcntl(null.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!place) return {};
  }
  return places;
}

/// `to` is never free, so that no other thread can get it meanwhile.
bool replace(const Descriptor& to, int from) {
  int result = 0;
  do {
    result = ::dup3(from, to.get(), O_CLOEXEC);
  } while (result < 0 && errno == EINTR);
  return result >= 0;
}

void await_end(pid_t child) {
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

struct Spawner::Start {
  const Launch& launch;
  StandardStreams streams;
  const sigset_t& defaults;
  std::atomic<pid_t>* starting;
  pid_t parent = ::getpid();
  // Written by the child.
  volatile int failure = 0;
  volatile int not_apart =
      0;  ///< errno: it has no table of descriptors of its own, and did nothing
  // For a child that begins with the parent's table.
  unsigned first_not_copied = 0;

  int become() { return io::become(launch, streams, defaults, starting, parent); }
};

Spawner::Spawner(const Descriptor& null) : null_(null) {
  if (!may_share_memory) return;
  places_ = make_places(null);
  copies_few_ = static_cast<bool>(places_.front());
  if (copies_few_) stack_ = std::make_unique<std::byte[]>(stack_size);
}

bool Spawner::set_places(const StandardStreams& streams) {
  return replace(places_[0], streams.in) && replace(places_[1], streams.out) &&
         replace(places_[2], streams.err);
}

/// A pipe that stayed here would never end.
void Spawner::empty_places() {
  for (Descriptor& place : places_) {
    if (replace(place, null_.get())) continue;
    place.close();
    copies_few_ = false;
  }
}

int Spawner::begin_with_few(void* data) {
  Start& start = *static_cast<Start*>(data);
  // Until then what is done to a descriptor is done to the parent's.
  if (::close_range(start.first_not_copied, ~0U, CLOSE_RANGE_UNSHARE) != 0) {
    start.not_apart = errno;
  } else {
    start.failure = start.become();
  }
  return 127;
}

/// As vfork, which would copy the whole table. -1, with errno, on failure.
pid_t Spawner::start_with_few(Start& start) {
  if (!set_places(start.streams)) {
    const int error = errno;
    empty_places();
    errno = error;
    return -1;
  }
  const StandardStreams given = start.streams;
  start.streams = {places_[0].get(), places_[1].get(), places_[2].get()};
  const int last = std::max({start.streams.in, start.streams.out, start.streams.err});
  start.first_not_copied = static_cast<unsigned>(last) + 1;
  const pid_t child = ::clone(begin_with_few, stack_.get() + stack_size,
                              CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &start);
  const int error = child < 0 ? errno : start.not_apart;
  start.streams = given;
  empty_places();
  if (error == 0) return child;
  if (child >= 0) await_end(child);
  errno = error;
  return -1;
}

// vfork and not posix_spawn: glibc's resets the disposition of every signal there is, two system
// calls each, and leaves no room for what else has to be done between the two processes. vfork and
// not fork: fork copies the page tables, which takes for ever when there is much memory.
SpawnEnd Spawner::spawn(const Launch& launch, const StandardStreams& streams,
                        const sigset_t& defaults, std::atomic<pid_t>* starting, pid_t& pid) {
  const SignalsBlocked blocked;
  Start start{launch, streams, defaults, starting};
  pid_t child = -1;
  if (copies_few_) {
    child = start_with_few(start);
    if (child < 0 && is_exhaustion(errno)) return {errno, false};
    if (child < 0) copies_few_ = false;  // an old kernel, or one that may not be asked
  }
  if (child < 0) {
    Pipe said = may_share_memory ? Pipe() : make_pipe();
    child = ::vfork();
    if (child == 0) {
      const int failure = start.become();
      start.failure = failure;
      if (said && ::write(said.write.get(), &failure, sizeof failure) < 0) ::_exit(126);
      ::_exit(127);
    }
    if (said) {
      said.write.close();
      int failure = 0;
      if (::read(said.read.get(), &failure, sizeof failure) > 0) start.failure = failure;
    }
  }
  if (child < 0) return {errno, false};
  if (start.failure != 0) {
    if (starting != nullptr) starting->store(0, std::memory_order_relaxed);
    await_end(child);
    return {start.failure, true};
  }
  pid = child;
  return {};
}

Descriptor open_pidfd(pid_t pid) { return Descriptor(::pidfd_open(pid, 0)); }

}  // namespace weir::io
