#pragma once

/// Splits what a file descriptor gives into lines.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <weir/task.hpp>

namespace weir::nodes {

/// Not safe for several threads.
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

  /// The next line that has been read already, without its newline; false if there is none. The
  /// view is valid until the next call.
  bool buffered(std::string_view& line);
  /// Reads more, blocking until there is some. False at the end, or when the run is being stopped.
  /// The last line need not end in a newline. Throws std::runtime_error.
  bool fill(Host& host);

 private:
  std::string path_;
  int descriptor_ = -1;
  bool ended_ = false;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;    // of what has not been given out
  std::size_t scanned_ = 0;  // no newline between begin_ and here
  std::size_t end_ = 0;
};

}  // namespace weir::nodes
