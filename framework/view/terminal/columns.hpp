#pragma once

/// Text as wide as a terminal shows it.

#include <cstddef>
#include <string>
#include <string_view>

#include "spec/columns.hpp"

namespace weir::view {

using spec::columns;

/// A line that can't upset a terminal (see `one_line`), at most `most` columns wide: of what is
/// wider the beginning, and "…".
std::string fitted(std::string_view text, std::size_t most);

/// The same, filled up with blanks to exactly `width`; at the left, if `right` says so.
std::string padded(std::string_view text, std::size_t width, bool right = false);

}  // namespace weir::view
