#include "journal/redo_log.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>

#include "journal/error.hpp"
#include "journal/event_bytes.hpp"

namespace weir::journal {
namespace {

/// A file that is longer is left for the other one, as soon as that can be had.
constexpr std::uint64_t kLong = std::uint64_t{1} << 20U;
/// A buffer that was longer gives its memory back.
constexpr std::size_t kMostKept = std::size_t{64} << 10U;

/// In front of each record's bytes.
struct Head {
  std::uint32_t size = 0;
  std::uint32_t check = 0;  ///< of the number and the bytes
  std::uint64_t number = 0;
};

std::uint32_t check_of(std::uint64_t number, std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(&number, sizeof number);
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::filesystem::path path_of(const std::filesystem::path& database, int segment) {
  return fmt::format("{}-redo{}", database.string(), segment);
}

/// False: somebody else has it, and `how` says not to wait.
bool lock(int descriptor, int how) {
  while (::flock(descriptor, how) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
  throw Error(fmt::format("can't {} '{}': {}", what, path.string(), system_message(errno)));
}

void read_records(const std::filesystem::path& path, std::vector<RedoLog::Record>& records) {
  const std::string file = read_file(path);
  std::string_view bytes = file;
  Head head;
  while (bytes.size() >= sizeof head) {
    std::memcpy(&head, bytes.data(), sizeof head);
    bytes.remove_prefix(sizeof head);
    if (bytes.size() < head.size) return;
    const std::string_view payload = bytes.substr(0, head.size);
    if (check_of(head.number, payload) != head.check) return;
    auto event = event_of(payload);
    if (!event) {  // it is whole: to drop it, and what follows, would be to lose what was done
      throw Error(fmt::format(
          "'{}' was written by another version of weir: let that one go on with the run",
          path.string()));
    }
    records.push_back({head.number, std::move(*event)});
    bytes.remove_prefix(head.size);
  }
}

}  // namespace

RedoLog::RedoLog(const std::filesystem::path& database) {
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = segments_[i];
    segment.path = path_of(database, static_cast<int>(i));
    segment.file =
        Descriptor(::open(segment.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!segment.file) fail("open", segment.path);
    if (!lock(segment.file.get(), LOCK_EX)) fail("lock", segment.path);
  }
}

bool RedoLog::is_empty() const {
  return std::all_of(segments_.begin(), segments_.end(), [](const Segment& segment) {
    return ::lseek(segment.file.get(), 0, SEEK_END) == 0;
  });
}

bool RedoLog::is_left(const std::filesystem::path& database) {
  bool has_something = false;
  for (const int segment : {0, 1}) {
    const Descriptor file(::open(path_of(database, segment).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) continue;
    if (!lock(file.get(), LOCK_SH | LOCK_NB)) return false;
    has_something = has_something || ::lseek(file.get(), 0, SEEK_END) > 0;
  }
  return has_something;
}

template <class Event>
void RedoLog::add_record(std::uint64_t number, const Event& event) {
  const std::size_t at = added_.size();
  try {
    added_.resize(at + sizeof(Head));
    append_bytes(added_, event);
  } catch (...) {
    added_.resize(at);  // behind half a record nothing would be found
    throw;
  }
  const std::string_view bytes = std::string_view(added_).substr(at + sizeof(Head));
  const Head head{static_cast<std::uint32_t>(bytes.size()), check_of(number, bytes), number};
  std::memcpy(added_.data() + at, &head, sizeof head);
}

void RedoLog::add(std::uint64_t number, const Started& event) { add_record(number, event); }
void RedoLog::add(std::uint64_t number, const Ended& event) { add_record(number, event); }

bool RedoLog::write() noexcept {
  if (error_ == 0) error_ = write_all(current().file.get(), added_);
  current().size += added_.size();
  added_.clear();
  marked_bytes_ = 0;
  if (added_.capacity() > kMostKept) added_ = {};
  return error_ == 0;
}

std::string RedoLog::error() const {
  if (error_ == 0) return {};
  return fmt::format("can't write '{}': {}", segments_[current_].path.string(),
                     system_message(error_));
}

void RedoLog::mark() noexcept {
  marked_bytes_ = added_.size();
  has_switched_ = current().size > kLong && other().size == 0;
  if (has_switched_) current_ = 1 - current_;
}

void RedoLog::drop_marked() noexcept {
  added_.erase(0, std::exchange(marked_bytes_, 0));
  if (!std::exchange(has_switched_, false)) return;
  // If it stays, it will be found in the tables by its numbers.
  if (::ftruncate(other().file.get(), 0) == 0) other().size = 0;
}

std::vector<RedoLog::Record> RedoLog::read() const {
  std::vector<Record> records;
  for (const Segment& segment : segments_) read_records(segment.path, records);
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.number < b.number; });
  return records;
}

void RedoLog::clear() noexcept {
  for (Segment& segment : segments_) {
    if (::ftruncate(segment.file.get(), 0) == 0) segment.size = 0;
  }
  has_switched_ = false;
}

void RedoLog::remove() noexcept {
  for (const Segment& segment : segments_) ::unlink(segment.path.c_str());
}

}  // namespace weir::journal
