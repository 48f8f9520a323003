#include "nodes/aggregate/run_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace weir::nodes {
namespace {

constexpr std::size_t kWriteAtOnce = std::size_t{256} << 10;

}  // namespace

RunFile& RunFile::operator=(RunFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(folder_, other.folder_);
  std::swap(buffer_, other.buffer_);
  std::swap(begin_, other.begin_);
  std::swap(end_, other.end_);
  return *this;
}

RunFile::~RunFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

RunFile RunFile::open() {
  RunFile file;
  const char* const folder = std::getenv("TMPDIR");
  file.folder_ = folder == nullptr || *folder == '\0' ? "/tmp" : folder;
  file.descriptor_ = ::open(file.folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file.descriptor_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
    // Not every file system has files without a name.
    std::string path = file.folder_ + "/weir-sort-XXXXXX";
    file.descriptor_ = mkostemp(path.data(), O_CLOEXEC);
    if (file.descriptor_ >= 0) unlink(path.c_str());
  }
  if (file.descriptor_ < 0) file.fail("make", errno);
  return file;
}

void RunFile::write(const SortItem& item) {
  const SortHeader header = SortHeader::of(item);
  put({reinterpret_cast<const char*>(&header), sizeof header});
  put(item.key);
  put(item.value);
}

void RunFile::put(std::string_view bytes) {
  buffer_ += bytes;
  end_ += bytes.size();
  if (buffer_.size() >= kWriteAtOnce) flush();
}

SortedRun RunFile::end_run() {
  flush();
  return {begin_, end_};
}

void RunFile::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written < 0 && errno != EINTR) fail("write", errno);
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  buffer_.clear();
}

void RunFile::read(std::uint64_t at, char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = pread(descriptor_, to, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", errno);
    if (got == 0) fail("read", EIO);  // shorter than what was written to it
    to += got;
    size -= static_cast<std::size_t>(got);
    at += static_cast<std::uint64_t>(got);
  }
}

void RunFile::fail(const char* what, int error) const {
  throw std::runtime_error("can't " + std::string(what) + " a temporary file in '" + folder_ +
                           "': " + std::generic_category().message(error));
}

bool RunReader::next() {
  if (first_ == last_ && at_ == end_) return false;
  need(sizeof(SortHeader));
  const std::size_t bytes = SortHeader::at(buffer_.data() + first_).bytes();
  need(bytes);
  item_ = sort_item_at(buffer_.data() + first_);
  prefix_ = key_prefix(item_.key);
  first_ += bytes;
  return true;
}

/// Sees to it that so many bytes lie in the buffer from `first_` on.
void RunReader::need(std::size_t bytes) {
  if (last_ - first_ >= bytes) return;
  if (first_ != last_) std::memmove(buffer_.data(), buffer_.data() + first_, last_ - first_);
  last_ -= std::exchange(first_, 0);
  if (buffer_.size() < std::max(bytes, step_)) buffer_.resize(std::max(bytes, step_));
  const std::size_t size =
      static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size() - last_, end_ - at_));
  file_->read(at_, buffer_.data() + last_, size);
  at_ += size;
  last_ += size;
}

Merger::Merger(const RunFile& file, const std::vector<SortedRun>& runs, bool descending,
               std::size_t memory)
    : descending_(descending) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  const std::size_t buffer = std::min(kLargest, memory / std::max<std::size_t>(1, runs.size()));
  for (const SortedRun& run : runs) readers_.emplace_back(file, run, buffer);
}

const SortItem* Merger::next() {
  if (!std::exchange(begun_, true)) {
    for (std::size_t i = 0; i < readers_.size(); ++i) {
      if (readers_[i].next()) heap_.push_back(i);
    }
    for (std::size_t at = heap_.size() / 2; at-- > 0;) sift_down(at);
  } else if (!heap_.empty()) {
    if (!readers_[heap_.front()].next()) {
      std::swap(heap_.front(), heap_.back());
      heap_.pop_back();
    }
    sift_down(0);
  }
  return heap_.empty() ? nullptr : &readers_[heap_.front()].item();
}

bool Merger::before(std::size_t a, std::size_t b) const {
  const RunReader& left = readers_[a];
  const RunReader& right = readers_[b];
  if (left.prefix() != right.prefix()) return (left.prefix() < right.prefix()) != descending_;
  const int order = left.item().key.compare(right.item().key);
  return order != 0 ? (order < 0) != descending_ : a < b;
}

void Merger::sift_down(std::size_t at) {
  for (;;) {
    std::size_t least = at;
    for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
      if (child < heap_.size() && before(heap_[child], heap_[least])) least = child;
    }
    if (least == at) return;
    std::swap(heap_[at], heap_[least]);
    at = least;
  }
}

}  // namespace weir::nodes
