#include "spec/admit.hpp"

#include <fmt/format.h>

#include "spec/utf8.hpp"

namespace weir::spec {

namespace {

/// A binary file would have thousands.
constexpr int most_reported = 8;

/// Everything that YAML calls not printable.
bool is_control(char32_t c) {
  if (c < 0x20) return c != U'\t' && c != U'\n' && c != U'\r';
  return (c >= 0x7F && c <= 0x9F && c != 0x85) || c == 0xFFFE || c == 0xFFFF;
}

std::string control_message(char32_t c) {
  const auto number = static_cast<unsigned>(c);
  const std::string escape =
      c <= 0xFF ? fmt::format("\\x{:02X}", number) : fmt::format("\\u{:04X}", number);
  return fmt::format(
      "the control character U+{:04X} is not allowed; in a text in double quotes it "
      "can be written as {}",
      number, escape);
}

/// As of Mac OS 9: to all but YAML that is one line.
bool has_old_line_ends(std::string_view text) {
  const std::size_t end = text.find('\r');
  return end != text.npos && text.find('\n') == text.npos &&
         text.find_first_not_of(" \t\r", end) != text.npos;
}

}  // namespace

std::string too_large_message() {
  return fmt::format(
      "larger than 1 MiB ({} bytes), which is more than a pipeline file may have; "
      "read lists of items from a file of their own",
      largest_file);
}

std::string empty_message() { return "the file is empty; it needs at least 'weir: 1' and 'nodes'"; }

bool admit(const Lines& lines, Diagnostics& diagnostics) {
  const std::string_view text = lines.text();
  if (text.size() > largest_file) {
    diagnostics.error({1, 1}, too_large_message());
    return false;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    diagnostics.error({1, 1}, empty_message());
    return false;
  }
  if (has_old_line_ends(text)) {
    diagnostics.error({1, 1},
                      "the lines end in carriage returns (CR) alone; save the file with line feeds "
                      "(LF, or CRLF)");
    return false;
  }
  int reported = 0;
  for (std::size_t at = 0; at < text.size() && reported < most_reported;) {
    const std::size_t length = code_point_length(text, at);
    if (length == 0) {
      // Nothing behind it can be trusted to be what it looks like.
      diagnostics.error(lines.place(at, at + 1), "not UTF-8; save the file in that encoding");
      return false;
    }
    const char32_t c = code_point(text, at);
    if (is_control(c)) {
      diagnostics.error(lines.place(at, at + length), control_message(c));
      ++reported;
    }
    at += length;
  }
  return reported == 0;
}

}  // namespace weir::spec
