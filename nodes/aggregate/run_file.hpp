#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nodes/aggregate/sort_item.hpp"

namespace weir::nodes {

/// Items one behind the other in a file, in order.
struct SortedRun {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A file without a name in `${TMPDIR:-/tmp}`, for any number of runs. It goes when it is closed,
/// however the program ends. Everything throws std::runtime_error with the cause.
class RunFile {
 public:
  RunFile() = default;
  RunFile(RunFile&& other) noexcept { *this = std::move(other); }
  RunFile& operator=(RunFile&& other) noexcept;
  ~RunFile();

  static RunFile open();

  void begin_run() { begin_ = end_; }
  void write(const SortItem& item);
  SortedRun end_run();

  /// Reads as much as there is wanted.
  void read(std::uint64_t at, char* to, std::size_t size) const;

 private:
  void put(std::string_view bytes);
  void flush();
  [[noreturn]] void fail(const char* what, int error) const;

  int descriptor_ = -1;
  std::string folder_;
  std::string buffer_;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;  // with what is in the buffer
};

/// Goes through a run.
class RunReader {
 public:
  /// `file` must outlive it.
  RunReader(const RunFile& file, SortedRun run, std::size_t buffer)
      : file_(&file), at_(run.begin), end_(run.end), step_(buffer) {}

  /// Goes to the next item; false if there is none.
  bool next();
  /// Good until `next`.
  const SortItem& item() const { return item_; }
  std::uint64_t prefix() const { return prefix_; }

 private:
  void need(std::size_t bytes);

  const RunFile* file_;
  std::uint64_t at_;  // in the file, behind what is in the buffer
  std::uint64_t end_;
  std::size_t step_;
  std::vector<char> buffer_;
  std::size_t first_ = 0;  // in the buffer, of what has not been taken yet
  std::size_t last_ = 0;
  SortItem item_;
  std::uint64_t prefix_ = 0;
};

/// Makes one run of several.
class Merger {
 public:
  /// Of equal keys, those of earlier runs come first. `memory` is shared by the runs' buffers.
  Merger(const RunFile& file, const std::vector<SortedRun>& runs, bool descending,
         std::size_t memory);

  /// The next item in the order of all, good until the next call; null at the end.
  const SortItem* next();

 private:
  /// Whether the run at `a` is to be taken from before that at `b`.
  bool before(std::size_t a, std::size_t b) const;
  void sift_down(std::size_t at);

  std::vector<RunReader> readers_;
  std::vector<std::size_t> heap_;  // of readers, the next one first
  bool descending_;
  bool begun_ = false;
};

}  // namespace weir::nodes
