#include "io/input_pipe.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace weir::io {

int InputPipe::open(Descriptor& child_end) {
  Pipe pipe = make_pipe();
  if (!pipe) return errno;
  child_end = std::move(pipe.read);
  return watch_.open(std::move(pipe.write));
}

void InputPipe::start(std::string text) {
  text_ = std::move(text);
  watch_.when_writable([this] { write_more(); });
}

void InputPipe::write_more() {
  for (int i = 0; i < pipe_chunks_at_once && written_ < text_.size(); ++i) {
    const std::size_t size = std::min(pipe_chunk, text_.size() - written_);
    const ssize_t count = ::write(watch_.descriptor(), text_.data() + written_, size);
    if (count > 0) {
      written_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN && watch_.refused() == 0) {
      break;
    } else if (errno != EINTR) {
      const bool nobody_reads = errno == EPIPE;
      if (!nobody_reads) error_ = errno == EAGAIN ? watch_.refused() : errno;
      written_ = text_.size();
    }
  }
  if (written_ < text_.size()) return watch_.when_writable([this] { write_more(); });
  close();
  text_ = {};
}

}  // namespace weir::io
