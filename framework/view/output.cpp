#include "view/output.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace weir::view {

std::string write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd polled{descriptor, POLLOUT, 0};
      poll(&polled, 1, -1);
    } else if (errno != EINTR) {
      return std::strerror(errno);
    }
  }
  return {};
}

}  // namespace weir::view
