#pragma once

/// How wide text is on a terminal.

#include <cstddef>
#include <string_view>

namespace weir::spec {

/// How many columns a character takes: a wide one two, a combining one none.
std::size_t columns(char32_t character);

/// How many a line without control characters takes. A byte that is not UTF-8 counts as one.
std::size_t columns(std::string_view line);

}  // namespace weir::spec
