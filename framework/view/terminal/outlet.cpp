#include "view/terminal/outlet.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "io/thread.hpp"

namespace weir::view {
namespace {

/// What a pipe takes whole, or not at all, once it says that it takes anything.
constexpr std::size_t kOfPipe = 4096;

/// Of a pipe or a terminal: opened once more, since others write by the descriptor that was given,
/// and expect to wait.
int open_without_waiting(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return -1;
  if (!S_ISFIFO(status.st_mode) && isatty(descriptor) == 0) return -1;
  try {
    const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
    return open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  } catch (const std::exception&) {
    return -1;
  }
}

bool is_ready(int descriptor, int milliseconds) {
  pollfd polled{descriptor, POLLOUT, 0};
  return poll(&polled, 1, milliseconds) > 0;
}

bool takes_everything(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

Outlet::Outlet(int descriptor)
    : given_(descriptor),
      own_(open_without_waiting(descriptor)),
      descriptor_(own_ ? own_.get() : given_),
      most_at_once_(own_ || takes_everything(descriptor) ? std::numeric_limits<std::size_t>::max()
                                                         : kOfPipe) {}

Outlet::~Outlet() {
  wait();
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Outlet::write(std::string_view text) noexcept {
  const std::lock_guard lock(mutex_);
  if (error_ != 0) return;
  if (kept() == 0) text = write_what_fits(text);
  while (!text.empty() && error_ == 0 && !keep(text)) {
    // Neither a thread nor memory: then it has to wait.
    is_ready(descriptor_, -1);
    text = write_what_fits(text);
  }
}

/// The rest of it. Empty after an error, too.
std::string_view Outlet::write_what_fits(std::string_view text) noexcept {
  while (!text.empty() && is_ready(descriptor_, 0)) {
    const ssize_t written = ::write(descriptor_, text.data(), std::min(text.size(), most_at_once_));
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      error_ = errno;
      return {};
    }
  }
  return text;
}

bool Outlet::keep(std::string_view text) noexcept {
  try {
    if (!thread_.joinable()) thread_ = io::start_thread([this] { write_on(); });
    waiting_.write(text);
  } catch (const std::exception&) {
    return false;
  }
  kept_ += text.size();
  changed_.notify_all();
  return true;
}

void Outlet::write_on() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_ending_ || kept() != 0; });
    if (kept() == 0) return;
    Spill taken = std::exchange(waiting_, Spill());
    std::size_t size = kept();
    try {
      for (std::string piece = taken.read(); !piece.empty(); piece = taken.read()) {
        std::string_view text = piece;
        while (!text.empty() && error_ == 0) {
          lock.unlock();
          is_ready(descriptor_, -1);
          lock.lock();
          text = write_what_fits(text);
        }
        kept_ -= piece.size();
        size -= piece.size();
        changed_.notify_all();
      }
    } catch (const std::exception&) {
      // No memory for a piece of it.
    }
    kept_ -= size;  // what the file had no room for
    changed_.notify_all();
  }
}

void Outlet::wait(std::size_t most) noexcept {
  if (kept() <= most) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, most] { return kept() <= most; });
}

std::string Outlet::error() const noexcept {
  const std::lock_guard lock(mutex_);
  return error_ == 0 ? std::string() : std::strerror(error_);
}

}  // namespace weir::view
