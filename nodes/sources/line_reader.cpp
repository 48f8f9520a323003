#include "nodes/sources/line_reader.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::nodes {
namespace {

constexpr std::size_t kRead = std::size_t{64} << 10;

[[noreturn]] void fail(const std::string& path, const char* what) {
  const std::string name = path == "-" ? "standard input" : "'" + path + "'";
  throw std::runtime_error("can't " + std::string(what) + " " + name + ": " + std::strerror(errno));
}

}  // namespace

LineReader::~LineReader() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

void LineReader::open(const std::string& path) {
  path_ = path;
  descriptor_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) fail(path, "open");
  struct stat about {};
  if (fstat(descriptor_, &about) == 0 && S_ISDIR(about.st_mode)) {
    errno = EISDIR;
    fail(path, "read");
  }
}

bool LineReader::buffered(std::string_view& line) {
  const char* from = buffer_.data() + scanned_;
  const auto* newline = scanned_ == end_
                            ? nullptr
                            : static_cast<const char*>(std::memchr(from, '\n', end_ - scanned_));
  if (newline != nullptr) {
    const auto at = static_cast<std::size_t>(newline - buffer_.data());
    line = {buffer_.data() + begin_, at - begin_};
    begin_ = scanned_ = at + 1;
    return true;
  }
  scanned_ = end_;
  if (!ended_ || begin_ == end_) return false;
  line = {buffer_.data() + begin_, end_ - begin_};
  begin_ = scanned_ = end_;
  return true;
}

bool LineReader::fill(Host& host) {
  if (ended_) return false;
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  if (end_ > kLongestLine) {
    errno = EMSGSIZE;
    fail(path_, "read a line of over 64 MiB of");
  }
  if (buffer_.size() - end_ < kRead) buffer_.resize(std::max(buffer_.size() * 2, end_ + kRead));
  for (;;) {
    if (!host.wait_readable(descriptor_)) return false;
    const ssize_t got = read(descriptor_, buffer_.data() + end_, kRead);
    if (got > 0) {
      end_ += static_cast<std::size_t>(got);
      return true;
    }
    if (got == 0) {
      ended_ = true;
      return begin_ != end_;
    }
    if (errno != EINTR && errno != EAGAIN) fail(path_, "read");
  }
}

}  // namespace weir::nodes
