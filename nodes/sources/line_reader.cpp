#include "nodes/sources/line_reader.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace weir::nodes {
namespace {

/// Few enough bytes that what is read is still in the cache when it is worked on, and that a line
/// which somebody keeps does not hold much beside it; enough that reading costs nothing beside
/// that.
constexpr std::size_t kBlock = std::size_t{256} << 10;
/// With less room than this in a block, the next one is begun.
constexpr std::size_t kWorthReading = std::size_t{16} << 10;

constexpr std::size_t kWord = 64;

/// Bit i is set where byte i of the 64 is a newline.
std::uint64_t newlines_in(const char* bytes) {
#ifdef __SSE2__
  const __m128i newline = _mm_set1_epi8('\n');
  std::uint64_t found = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(part, newline)));
    found |= std::uint64_t{mask} << (16 * i);
  }
  return found;
#else
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < kWord; ++i) found |= std::uint64_t{bytes[i] == '\n'} << i;
  return found;
#endif
}

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
  if (newlines_ != 0 || scan()) {
    const std::size_t at = scanned_ - kWord + static_cast<std::size_t>(std::countr_zero(newlines_));
    newlines_ &= newlines_ - 1;
    line = {buffer_.data() + begin_, at - begin_};
    begin_ = at + 1;
    return true;
  }
  if (!ended_ || begin_ == end_) return false;
  line = {buffer_.data() + begin_, end_ - begin_};
  begin_ = end_;
  return true;
}

/// Looks on for newlines, 64 bytes at a time: for lines of usual length that is much faster than to
/// look for one after the other. False if there are no more.
bool LineReader::scan() {
  const char* const bytes = buffer_.data();
  while (newlines_ == 0 && scanned_ < end_) {
    if (end_ - scanned_ < kWord) {
      // The last ones: they become the end of a word that begins before scanned_, or before the
      // buffer, where nothing is looked at.
      std::uint64_t word = 0;
      for (std::size_t at = scanned_; at < end_; ++at) {
        if (bytes[at] == '\n') word |= std::uint64_t{1} << (kWord - (end_ - at));
      }
      newlines_ = word;
      scanned_ = end_;
    } else {
      newlines_ = newlines_in(bytes + scanned_);
      scanned_ += kWord;
    }
  }
  return newlines_ != 0;
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
  begin_ = 0;
  scanned_ = end_ = unfinished;  // there is no newline in it
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
