#pragma once

/// What commands write, line by line, so that a terminal can show it.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace weir::view {

/// A line of what a command wrote, so that it can't upset a terminal: everything but tabs is
/// escaped. Colours (SGR sequences) are kept if `keeps_colours`, and switched off at the end; else
/// they are taken out. Of what has more than `most` characters the beginning, and "…".
std::string shown_line(std::string_view line, bool keeps_colours,
                       std::size_t most = std::string_view::npos);

/// Cuts a text that comes in pieces into lines, without their ends. Of a line that was written over
/// ('\r', as progress bars do) the last state; of what is very long pieces, as lines.
class LineSplitter {
 public:
  static constexpr std::size_t kLongest = std::size_t{16} << 10U;
  using Line = std::function<void(std::string_view)>;

  void feed(std::string_view bytes, const Line& line);
  /// What has no newline behind it.
  void finish(const Line& line);

 private:
  void give(const Line& line);

  std::string open_;
};

}  // namespace weir::view
