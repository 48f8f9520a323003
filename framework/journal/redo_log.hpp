#pragma once

/// What has become of items, and is not in the tables of run.db yet.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "journal/event.hpp"
#include "journal/file.hpp"

namespace weir::journal {

/// A redo log, as databases have one: whoever has been told by `write` that an item has ended finds
/// that again, although the process is killed in the next moment. Writing takes microseconds and
/// waits for nobody, so that the thread that learns of an end can do it; the tables may come later.
///
/// Two files, RUN.db-redo0 and -redo1, so that what is in the tables can be dropped while more is
/// written: records go to one of them until it is long, then to the other. A record is its length,
/// its checksum (CRC-32) and its bytes, so one that was cut off is told from a whole one; numbers
/// grow from record to record, and run.db knows up to which of them it has all.
///
/// Locked (`flock`) while it exists: by the run that is alive, or who puts a dead one's into its
/// tables. For one thread at a time.
class RedoLog {
 public:
  struct Record {
    std::uint64_t number = 0;
    std::variant<Started, Ended> event;
  };

  /// Opens or makes that of a database. Waits while somebody else has it. Throws Error.
  explicit RedoLog(const std::filesystem::path& database);
  RedoLog(const RedoLog&) = delete;
  RedoLog& operator=(const RedoLog&) = delete;

  /// Nothing is in the files.
  bool is_empty() const;
  /// Whether there is one with something in it, which nobody has locked.
  static bool is_left(const std::filesystem::path& database);

  /// Keeps it in memory until the next `write`. That something begins can wait for that.
  void add(std::uint64_t number, const Started& event);
  void add(std::uint64_t number, const Ended& event);
  /// Writes what was added. False: that has failed, now or before, and nothing is written any more.
  bool write() noexcept;
  bool is_broken() const { return error_ != 0; }
  /// Why, with the file; empty if it is not broken.
  std::string error() const;

  /// What has been added before is on its way into the tables,
  void mark() noexcept;
  /// and it is in them: it is not kept any longer. In this order, one after the other.
  void drop_marked() noexcept;

  /// All that is whole, in the order of the numbers. Throws Error.
  std::vector<Record> read() const;
  /// Everything is in the tables.
  void clear() noexcept;
  /// The same, and no more comes: removes the files.
  void remove() noexcept;

 private:
  struct Segment {
    std::filesystem::path path;
    Descriptor file;
    std::uint64_t size = 0;
  };

  template <class Event>
  void add_record(std::uint64_t number, const Event& event);
  Segment& current() { return segments_[current_]; }
  Segment& other() { return segments_[1 - current_]; }

  std::array<Segment, 2> segments_;
  std::size_t current_ = 0;
  bool has_switched_ = false;  // since `drop_marked`
  int error_ = 0;
  std::string added_;             // since `write`
  std::size_t marked_bytes_ = 0;  // of them
};

}  // namespace weir::journal
