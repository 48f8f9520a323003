#include "io/guard.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

#include "io/descriptor.hpp"
#include "io/group_table.hpp"
#include "io/proc.hpp"
#include "io/signals_blocked.hpp"
#include "io/survivors.hpp"

namespace weir::io {

namespace {

constexpr const char* variable = "WEIR_RUN_MARK";

/// What does not die of SIGKILL in so long a time is stuck in the kernel.
constexpr std::chrono::seconds patience{30};

constexpr int owner_look_pause = 100;  // ms

/// A run within a run within … bears the marks of all of them, as far as that is reasonable.
constexpr std::size_t longest_outer_mark = 1024;

std::string random_mark() {
  unsigned char bytes[16];
  if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  std::string digits;
  for (const unsigned char byte : bytes) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

/// A run that is part of another one must be found by that one's guard, too.
std::string with_outer_mark(const std::string& mark) {
  const char* const outer = std::getenv(variable);
  if (outer == nullptr || *outer == '\0' || std::strlen(outer) > longest_outer_mark) return mark;
  return std::string(outer) + ':' + mark;
}

/// What was inherited would have the guard taken for what it is to guard: `pkill -f` looks for the
/// arguments, and the guard of another run looks into the environment.
void take_own_name() {
  ::prctl(PR_SET_NAME, Guard::process_name);
  const auto [arguments, environment] = memory_of_arguments();
  std::fill(environment.begin(), environment.end(), '\0');
  std::fill(arguments.begin(), arguments.end(), '\0');
  const std::size_t size = std::strlen(Guard::process_name);
  if (arguments.size() > size) std::copy_n(Guard::process_name, size, arguments.begin());
}

/// Returns when `process`, our parent, is dead.
void wait_for_end_of(pid_t process) {
  const Descriptor watched(::pidfd_open(process, 0));
  pollfd poll{watched.get(), POLLIN, 0};
  // Where the system has no room to watch it, its death shows in that we get another parent.
  const int pause = watched ? -1 : owner_look_pause;
  while (::getppid() == process) {  // or else it died before, or in between
    if (::poll(&poll, 1, pause) > 0) return;
  }
}

/// With all signals blocked.
[[noreturn]] void be_guard(pid_t guarded, Remains remains, const GroupTable& groups) {
  ::setsid();
  ::close_range(0, ~0U, 0);
  take_own_name();
  [[maybe_unused]] const int moved = ::chdir("/");  // so that no file system is held
  wait_for_end_of(guarded);
  remains.groups = groups.groups();
  kill_survivors(std::move(remains), patience);
  ::_exit(0);
}

}  // namespace

Guard::Guard() : groups_(std::make_unique<GroupTable>()) {
  const std::string mark = random_mark();
  mark_ = {variable, with_outer_mark(mark)};
  Remains remains;
  remains.variable = variable;
  remains.mark = mark;
  remains.session = ::getsid(0);
  remains.group = ::getpgrp();
  const SignalsBlocked blocked;
  const pid_t self = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) be_guard(self, std::move(remains), *groups_);
}

Guard::~Guard() {
  // Our child, not reaped before: the number is its own. If it may not be killed, it goes with us.
  if (::kill(pid_, SIGKILL) != 0) return;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace weir::io
