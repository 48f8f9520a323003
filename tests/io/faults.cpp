#include "faults.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

namespace weir::io::test {
namespace {

/// Atomics, and no lock: handlers of signals call write.
struct Plan {
  std::atomic<int> error{0};  ///< 0: none
  std::atomic<int> seen{0};
  std::atomic<int> failed{0};
  std::atomic<int> first{1};
  std::atomic<int> end{1};
  std::atomic<bool (*)(int)> only{nullptr};

  /// With errno set.
  bool fails(int descriptor) {
    const int wanted = error;
    bool (*const is_meant)(int) = only;
    if (wanted == 0 || (is_meant != nullptr && !is_meant(descriptor))) return false;
    const int number = ++seen;
    if (number < first || number >= end) return false;
    ++failed;
    errno = wanted;
    return true;
  }
};

std::array<Plan, 10> plans;

Plan& plan(Call call) { return plans[static_cast<std::size_t>(call)]; }

}  // namespace

Fault::Fault(Call call, int error, Which which, bool (*only)(int)) : call_(call) {
  Plan& of = plan(call);
  of.seen = of.failed = 0;
  of.first = which.first;
  of.end = which.first + std::min(which.count, (1 << 30) - which.first);
  of.only = only;
  of.error = error;
}

Fault::~Fault() { plan(call_).error = 0; }

int Fault::seen() const { return plan(call_).seen; }
int Fault::failed() const { return plan(call_).failed; }

bool is_pipe(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

extern "C" {

ssize_t __real_read(int, void*, size_t);
ssize_t __wrap_read(int descriptor, void* bytes, size_t size) {
  return plan(Call::read).fails(descriptor) ? -1 : __real_read(descriptor, bytes, size);
}

ssize_t __real_write(int, const void*, size_t);
ssize_t __wrap_write(int descriptor, const void* bytes, size_t size) {
  return plan(Call::write).fails(descriptor) ? -1 : __real_write(descriptor, bytes, size);
}

int __real_pipe2(int*, int);
int __wrap_pipe2(int* ends, int flags) {
  return plan(Call::pipe).fails(-1) ? -1 : __real_pipe2(ends, flags);
}

int __real_epoll_ctl(int, int, int, epoll_event*);
int __wrap_epoll_ctl(int set, int what, int descriptor, epoll_event* event) {
  const bool fails = what == EPOLL_CTL_ADD && plan(Call::epoll_ctl).fails(descriptor);
  return fails ? -1 : __real_epoll_ctl(set, what, descriptor, event);
}

int __real_epoll_create1(int);
int __wrap_epoll_create1(int flags) {
  return plan(Call::epoll).fails(-1) ? -1 : __real_epoll_create1(flags);
}

int __real_timerfd_create(int, int);
int __wrap_timerfd_create(int clock, int flags) {
  return plan(Call::timer).fails(-1) ? -1 : __real_timerfd_create(clock, flags);
}

int __real_eventfd(unsigned, int);
int __wrap_eventfd(unsigned value, int flags) {
  return plan(Call::eventfd).fails(-1) ? -1 : __real_eventfd(value, flags);
}

int __real_pidfd_open(pid_t, unsigned);
int __wrap_pidfd_open(pid_t pid, unsigned flags) {
  return plan(Call::pidfd_open).fails(-1) ? -1 : __real_pidfd_open(pid, flags);
}

int __real_accept4(int, sockaddr*, socklen_t*, int);
int __wrap_accept4(int descriptor, sockaddr* address, socklen_t* size, int flags) {
  return plan(Call::accept).fails(descriptor) ? -1
                                              : __real_accept4(descriptor, address, size, flags);
}

int __real_close_range(unsigned, unsigned, int);
int __wrap_close_range(unsigned first, unsigned last, int flags) {
  return plan(Call::close_range).fails(static_cast<int>(first))
             ? -1
             : __real_close_range(first, last, flags);
}

}  // extern "C"

}  // namespace weir::io::test
