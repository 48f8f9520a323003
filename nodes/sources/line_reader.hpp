#pragma once

/// Splits what a file descriptor gives into lines.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <weir/out.hpp>
#include <weir/task.hpp>

namespace weir::nodes {

/// Reads big blocks and gives views into them. Not safe for several threads.
class LineReader {
 public:
  /// Longer lines are an error: they would have to be held whole.
  static constexpr std::size_t kLongestLine = std::size_t{64} << 20;

  LineReader() = default;
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// `-` is standard input. Throws std::runtime_error naming the path.
  void open(const std::string& path);

  /// The next line that has been read already, without its newline, in `buffer`; false if there is
  /// none.
  bool buffered(std::string_view& line);
  /// What the last line lies in; until `fill`.
  const Buffer& buffer() const { return buffer_; }

  /// Reads more, blocking until there is some. False at the end, or when nobody wants more. The
  /// last line need not end in a newline. Throws std::runtime_error.
  bool fill(Host& host);

 private:
  void make_room();
  bool scan();

  std::string path_;
  int descriptor_ = -1;
  bool may_block_ = false;
  bool ended_ = false;
  // Bytes before begin_ have been given out, and are never written again.
  Buffer buffer_;
  std::size_t begin_ = 0;
  std::size_t scanned_ = 0;  // what lies before it has been looked through
  std::size_t end_ = 0;
  /// Where newlines are among the 64 bytes before scanned_: bit 0 is the first of them. Those
  /// before begin_ are gone.
  std::uint64_t newlines_ = 0;
};

}  // namespace weir::nodes
