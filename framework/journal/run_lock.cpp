#include "journal/run_lock.hpp"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace weir::journal {
namespace {

/// Who looks whether a lock is taken has to take it for a few microseconds (shared, so that two who
/// look don't disturb each other). Who finds it taken tries again for as long as this.
constexpr int kTries = 20;
constexpr std::chrono::milliseconds kPause{5};

bool try_lock(int descriptor, int how) {
  while (::flock(descriptor, how | LOCK_NB) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

std::string holder(int descriptor) {
  char text[16] = {};
  const ssize_t length = ::pread(descriptor, text, sizeof text - 1, 0);
  std::string digits;
  for (ssize_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; ++i) digits += text[i];
  return digits.empty() ? "" : fmt::format(" (process {})", digits);
}

}  // namespace

RunLock RunLock::take(const std::filesystem::path& file, std::string* error) {
  Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!descriptor) {
    *error = fmt::format("can't open '{}': {}", file.string(), system_message(errno));
    return {};
  }
  for (int i = 1; !try_lock(descriptor.get(), LOCK_EX); ++i) {
    if (errno != EWOULDBLOCK) {
      *error = fmt::format("can't lock '{}': {}", file.string(), system_message(errno));
      return {};
    }
    if (i == kTries) {
      *error = fmt::format("that run is still going on{}", holder(descriptor.get()));
      return {};
    }
    std::this_thread::sleep_for(kPause);
  }
  const std::string process = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor.get(), 0) != 0 ||
      ::pwrite(descriptor.get(), process.data(), process.size(), 0) < 0) {
    *error = fmt::format("can't write '{}': {}", file.string(), system_message(errno));
    return {};
  }
  return RunLock(std::move(descriptor));
}

bool RunLock::is_taken(const std::filesystem::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  return descriptor && !try_lock(descriptor.get(), LOCK_SH) && errno == EWOULDBLOCK;
}

}  // namespace weir::journal
