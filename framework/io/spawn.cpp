#include "io/spawn.hpp"

#include <cerrno>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

#include "io/signals_blocked.hpp"

namespace weir::io {

namespace {

/// Everything that the child does, in the parent's memory, which stands still meanwhile: system
/// calls and nothing else. Comes back only if the program can't be run, with errno.
int become(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
           std::atomic<pid_t>* starting, pid_t parent) {
  if (::setpgid(0, 0) != 0) return errno;  // it could not be ended with all that it starts
  if (starting != nullptr) starting->store(::getpid(), std::memory_order_relaxed);
  // Follows the thread that has called vfork. A parent that is gone by now sends nothing any more.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
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
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (!launch.directory.empty() && ::chdir(launch.directory.c_str()) != 0) return errno;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(launch.program.c_str(), launch.argv.data(), launch.environment.data());
  return errno;
}

}  // namespace

// vfork and not posix_spawn: glibc's resets the disposition of every signal there is, two system
// calls each, and leaves no room for what else has to be done between the two processes. vfork and
// not fork: fork copies the page tables, which takes for ever when there is much memory.
SpawnEnd spawn(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
               std::atomic<pid_t>* starting, pid_t& pid) {
  const SignalsBlocked blocked;
  volatile int failure = 0;  // written by the child
  const pid_t parent = ::getpid();
  const pid_t child = ::vfork();
  if (child == 0) {
    failure = become(launch, streams, defaults, starting, parent);
    ::_exit(127);
  }
  if (child < 0) return {errno, false};
  if (failure != 0) {
    if (starting != nullptr) starting->store(0, std::memory_order_relaxed);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return {failure, true};
  }
  pid = child;
  return {};
}

Descriptor open_pidfd(pid_t pid) { return Descriptor(::pidfd_open(pid, 0)); }

}  // namespace weir::io
