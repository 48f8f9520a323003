#include "io/signals.hpp"

#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace weir::io {

// Not a signalfd: that needs the signal blocked in every thread of the process, and we don't start
// them all. Not asio::signal_set: its handler lacks SA_RESTART. The kernel gives a process's signal
// to the main thread where that takes it, so workers are not disturbed.

namespace {

constexpr std::chrono::milliseconds pause{20};

std::array<std::atomic<unsigned>, NSIG> caught;
std::atomic<int> event_to_write{-1};
std::atomic<int> handlers_running{0};

static_assert(std::atomic<unsigned>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void weir_io_catch_signal(int signal) {
  const int error = errno;
  handlers_running.fetch_add(1);
  caught[static_cast<std::size_t>(signal)].fetch_add(1);
  if (const int event = event_to_write.load(); event >= 0) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(event, &one, sizeof one);
  }
  handlers_running.fetch_sub(1);
  errno = error;
}

}  // namespace

void stop_this_process() {
  // Not SIGSTOP: that would stop us for good where nobody is there to continue us. Sent to this
  // thread, so that it has been taken when the call returns.
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  struct sigaction old {};
  ::sigaction(SIGTSTP, &by_default, &old);
  sigset_t stop;
  sigset_t old_mask;
  ::sigemptyset(&stop);
  ::sigaddset(&stop, SIGTSTP);
  ::pthread_sigmask(SIG_UNBLOCK, &stop, &old_mask);
  ::raise(SIGTSTP);
  ::pthread_sigmask(SIG_SETMASK, &old_mask, nullptr);
  ::sigaction(SIGTSTP, &old, nullptr);
}

Signals::Signals(Loop& loop, std::vector<int> signals, std::function<void(int)> handler)
    : watch_(loop),
      again_(loop),
      signals_(std::move(signals)),
      old_(signals_.size()),
      handler_(std::move(handler)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      event_number_(event_.get()) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "cannot watch for signals");
  int none = -1;
  if (!event_to_write.compare_exchange_strong(none, event_number_)) {
    throw std::logic_error("another reactor of this process has its signals already");
  }
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    assert(signals_[i] > 0 && signals_[i] < NSIG);
    caught[static_cast<std::size_t>(signals_[i])] = 0;
    struct sigaction action {};
    action.sa_handler = weir_io_catch_signal;
    action.sa_flags = SA_RESTART;
    ::sigfillset(&action.sa_mask);
    ::sigaction(signals_[i], &action, &old_[i]);
  }
}

Signals::~Signals() {
  for (std::size_t i = 0; i < signals_.size(); ++i) ::sigaction(signals_[i], &old_[i], nullptr);
  event_to_write = -1;
  // One that has begun on another thread may still write to the descriptor that is closed next.
  while (handlers_running != 0) std::this_thread::yield();
}

void Signals::listen() {
  if (const int error = watch_.open(std::move(event_)); error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot watch for signals");
  }
  sigset_t mine;
  ::sigemptyset(&mine);
  for (const int signal : signals_) ::sigaddset(&mine, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &mine, nullptr);
  watch_.when_readable([this] { deliver(); });
}

void Signals::deliver() {
  std::uint64_t count = 0;
  const bool is_read = ::read(watch_.descriptor(), &count, sizeof count) > 0;
  for (const int signal : signals_) {
    for (unsigned n = caught[static_cast<std::size_t>(signal)].exchange(0); n > 0; --n) {
      handler_(signal);
    }
  }
  if (is_read) return watch_.when_readable([this] { deliver(); });
  // What failed once may fail at once again.
  again_.set(Clock::now() + pause, [this] { deliver(); });
}

}  // namespace weir::io
