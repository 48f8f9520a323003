#include "nodes/sources/line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace weir::nodes {
namespace {

/// Few enough bytes that what is read is still in the cache when it is worked on, and that a line
/// which somebody keeps does not hold much beside it; enough that reading costs nothing beside
/// that.
constexpr std::size_t kBlock = std::size_t{256} << 10;
/// With less room than this in a block, the next one is begun.
constexpr std::size_t kWorthReading = std::size_t{16} << 10;

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
  // Without blocking: opening a pipe would wait for a writer, and nothing could end that.
  descriptor_ =
      path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail(path, "open");
  struct stat about {};
  if (fstat(descriptor_, &about) != 0) fail(path, "read");
  if (S_ISDIR(about.st_mode)) {
    errno = EISDIR;
    fail(path, "read");
  }
  may_block_ = !S_ISREG(about.st_mode);
}

bool LineReader::buffered(std::string_view& line) {
  const char* const bytes = buffer_.data();
  const auto* newline =
      scanned_ == end_
          ? nullptr
          : static_cast<const char*>(std::memchr(bytes + scanned_, '\n', end_ - scanned_));
  if (newline != nullptr) {
    const auto at = static_cast<std::size_t>(newline - bytes);
    line = {bytes + begin_, at - begin_};
    begin_ = scanned_ = at + 1;
    return true;
  }
  scanned_ = end_;
  if (!ended_ || begin_ == end_) return false;
  line = {bytes + begin_, end_ - begin_};
  begin_ = scanned_ = end_;
  return true;
}

/// Room to read into: behind what there is, or in a new block, to which an unfinished line moves.
void LineReader::make_room() {
  if (buffer_.capacity() - end_ >= kWorthReading) return;
  const std::size_t unfinished = end_ - begin_;
  if (unfinished > kLongestLine) {
    errno = EMSGSIZE;
    fail(path_, "read a line of over 64 MiB of");
  }
  Buffer next(std::max(kBlock, 2 * unfinished + kWorthReading));
  if (unfinished != 0) std::memcpy(next.data(), buffer_.data() + begin_, unfinished);
  buffer_ = std::move(next);
  scanned_ -= begin_;
  begin_ = 0;
  end_ = unfinished;
}

bool LineReader::fill(Host& host) {
  if (ended_) return false;
  make_room();
  for (;;) {
    if (may_block_ && !host.wait_readable(descriptor_)) return false;
    const ssize_t got = read(descriptor_, buffer_.data() + end_, buffer_.capacity() - end_);
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
