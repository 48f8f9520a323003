#include "io/output_pipe.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace weir::io {

int OutputPipe::open(Descriptor& child_end) {
  Pipe pipe = make_pipe();
  if (!pipe) return errno;
  child_end = std::move(pipe.write);
  return watch_.open(std::move(pipe.read));
}

void OutputPipe::start(std::function<void()> at_end) {
  at_end_ = std::move(at_end);
  wait();
}

void OutputPipe::wait() {
  watch_.when_readable([this] {
    read_available();
    if (is_open()) return wait();
    const std::function<void()> at_end = std::move(at_end_);
    at_end();
  });
}

void OutputPipe::read_available() {
  // One for all children: it never holds anything between two calls.
  thread_local char buffer[pipe_chunk];
  for (int i = 0; i < pipe_chunks_at_once && is_open(); ++i) {
    const ssize_t count = ::read(watch_.descriptor(), buffer, pipe_chunk);
    if (count > 0) {
      keep(buffer, static_cast<std::size_t>(count));
    } else if (count == 0) {
      close();
    } else if (errno == EAGAIN && watch_.refused() == 0) {
      return;
    } else if (errno != EINTR) {
      error_ = errno == EAGAIN ? watch_.refused() : errno;
      close();
    }
  }
}

void OutputPipe::keep(const char* data, std::size_t size) {
  tap_({data, size});
  const std::size_t kept = std::min(size, cap_ - kept_.size());
  kept_.append(data, kept);
  dropped_ += size - kept;
}

}  // namespace weir::io
