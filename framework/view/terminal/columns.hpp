#pragma once

/// Text as wide as a terminal shows it.

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::view {

/// How many columns a character takes: a wide one two, a combining one none.
std::size_t columns(char32_t character);

/// How many a line takes that `one_line` has made.
std::size_t columns(std::string_view line);

/// A line that can't upset a terminal (see `one_line`), at most `most` columns wide: of what is
/// wider the beginning, and "…".
std::string fitted(std::string_view text, std::size_t most);

/// The same, filled up with blanks to exactly `width`; at the left, if `right` says so.
std::string padded(std::string_view text, std::size_t width, bool right = false);

}  // namespace weir::view
