#pragma once

/// What a text must be before a YAML parser may see it.

#include <cstddef>

#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"

namespace weir::spec {

inline constexpr std::size_t largest_file = std::size_t{1} << 20;

/// What is said of a file that is larger.
std::string too_large_message();

/// What is said of a file with nothing in it, or nothing but comments.
std::string empty_message();

/// Whether the text is of a bearable size, not empty, UTF-8, and free of control characters. If
/// not, `diagnostics` says why, and it must not be parsed: yaml-cpp takes U+0004 for the end of the
/// file, guesses at other encodings, and lets the rest through into names and commands.
bool admit(const Lines& lines, Diagnostics& diagnostics);

}  // namespace weir::spec
