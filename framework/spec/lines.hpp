#pragma once

/// A text's lines, and the way from byte offsets to places and back.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <weir/value.hpp>

namespace weir::spec {

/// An index over a text that it does not own. Offsets are bytes of `text()`, which is without the
/// byte order mark that the text may begin with. Lines end in \n or \r\n.
class Lines {
 public:
  explicit Lines(std::string_view text);

  std::string_view text() const { return text_; }
  std::size_t count() const { return starts_.size(); }

  /// The line with that number (from 1), without its end; empty if there is none.
  std::string_view line(std::size_t number) const;

  /// The place of the bytes [begin, end): as much of them as is on the line of `begin`, at least
  /// one column. What is behind the end of the text is placed just behind its last character that
  /// is not white space.
  Place place(std::size_t begin, std::size_t end) const;

  /// The offset of a column of a line; the line's end if it has no such column.
  std::size_t offset(std::size_t line, std::size_t column) const;

 private:
  std::size_t code_points_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> starts_;  ///< of each line
  /// Code points before every `stride`-th byte: with it a column costs the same in a line of one
  /// MiB as in a short one.
  std::vector<std::uint32_t> checkpoints_;
};

}  // namespace weir::spec
