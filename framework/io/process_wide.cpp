#include "io/process_wide.hpp"

#include <cstddef>
#include <iterator>
#include <mutex>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>

namespace weir::io {

namespace {

std::mutex mutex;
int users = 0;
bool adopting = false;
/// By default these end the process where a write fails: EPIPE and EFBIG say it better.
constexpr int ignored[] = {SIGPIPE, SIGXFSZ};
struct sigaction old_ignored[std::size(ignored)];
struct sigaction old_child {};
int old_subreaper = 0;

void set_disposition(int signal, void (*handler)(int), struct sigaction& old) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigaction(signal, &action, &old);
}

void begin() {
  for (std::size_t i = 0; i < std::size(ignored); ++i) {
    set_disposition(ignored[i], SIG_IGN, old_ignored[i]);
  }
  ::sigaction(SIGCHLD, nullptr, &old_child);
  const bool statuses_are_lost =
      old_child.sa_handler == SIG_IGN || (old_child.sa_flags & SA_NOCLDWAIT) != 0;
  if (statuses_are_lost) set_disposition(SIGCHLD, SIG_DFL, old_child);
  if (!adopting) return;
  ::prctl(PR_GET_CHILD_SUBREAPER, &old_subreaper);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void end() {
  for (std::size_t i = 0; i < std::size(ignored); ++i) {
    ::sigaction(ignored[i], &old_ignored[i], nullptr);
  }
  ::sigaction(SIGCHLD, &old_child, nullptr);
  if (adopting) ::prctl(PR_SET_CHILD_SUBREAPER, old_subreaper);
  adopting = false;
}

}  // namespace

ProcessWide::ProcessWide(bool adopt_orphans) {
  const std::lock_guard lock(mutex);
  if (users > 0 && (adopting || adopt_orphans)) {
    throw std::logic_error("a reactor that adopts orphans must be the only one of its process");
  }
  if (users == 0) {
    adopting = adopt_orphans;
    begin();
  }
  ++users;
}

ProcessWide::~ProcessWide() {
  const std::lock_guard lock(mutex);
  if (--users == 0) end();
}

}  // namespace weir::io
