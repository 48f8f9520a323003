#pragma once

/// UTF-8: what a column counts, what may be in a file, and what a terminal may be shown.

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::spec {

/// How many bytes the code point at `at` has; 0 if what stands there is not valid UTF-8
/// (overlong forms and surrogates included).
std::size_t code_point_length(std::string_view text, std::size_t at);

/// The code point at `at`, which must be valid.
char32_t code_point(std::string_view text, std::size_t at);

/// Code points in `text`; a byte that is not valid UTF-8 counts as one.
std::size_t count_code_points(std::string_view text);

bool is_utf8(std::string_view text);

/// The code point or invalid byte at `at`, as a terminal may be shown it: itself, or an escape such
/// as `\n`, `\x1b` or `\u202e` if it would move the cursor, be invisible or turn the text around.
/// Advances `at` behind it.
std::string next_printable(std::string_view text, std::size_t& at);

/// The first escape that there would be in that, or "".
std::string first_hidden(std::string_view text);

/// All of `text`, so treated.
std::string printable(std::string_view text);

}  // namespace weir::spec
