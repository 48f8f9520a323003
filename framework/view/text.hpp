#pragma once

/// Text for terminals.

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/abi.hpp>

namespace weir::view {

/// One line that can't upset a terminal: control characters and bytes that are not UTF-8 are shown
/// escaped, and what is longer than `most` code points is cut and ends in "…".
std::string one_line(std::string_view text, std::size_t most);

/// The same of what says most at its end: cut in the middle.
std::string one_line_with_end(std::string_view text, std::size_t most);

/// Any number of lines that can't upset a terminal: as above, but that newlines and tabs stay.
std::string harmless(std::string_view text);

/// The length of `text` without the beginning of a UTF-8 sequence that it may end in the middle of.
std::size_t whole_sequences(std::string_view text);

/// "0.4ms", "3.1s", "2m05s", "1h02m"
std::string short_time(double seconds);

/// "512B", "1.5KiB", "8GiB"
std::string short_size(std::int64_t bytes);

/// "2/s", "90/m": of starts, each at least so many seconds behind the one before; empty if those
/// are 0.
std::string rate_of_starts(double interval);

/// "done", "failed", "cancelled"
std::string_view to_string(abi::End end);

}  // namespace weir::view
