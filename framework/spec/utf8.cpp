#include "spec/utf8.hpp"

#include <fmt/format.h>

namespace weir::spec {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U;
}

bool upsets_a_terminal(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F)  // C0, DEL, C1
         || (c >= 0x200B && c <= 0x200F)       // zero width, direction marks
         || (c >= 0x2028 && c <= 0x202E)       // line separators, direction overrides
         || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

}  // namespace

std::size_t code_point_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const unsigned first = byte_at(text, at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text, at + i)) return 0;
  }
  if (length < 3) return length;
  const unsigned second = byte_at(text, at + 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second >= 0xA0;
  const bool beyond = first == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

char32_t code_point(std::string_view text, std::size_t at) {
  const std::size_t length = code_point_length(text, at);
  if (length <= 1) return byte_at(text, at);
  char32_t c = byte_at(text, at) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte_at(text, at + i) & 0x3FU);
  return c;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::size_t length = code_point_length(text, at);
    at += length == 0 ? 1 : length;
  }
  return count;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = code_point_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string next_printable(std::string_view text, std::size_t& at) {
  const std::size_t length = code_point_length(text, at);
  if (length == 0) return fmt::format("\\x{:02x}", byte_at(text, at++));
  const char32_t c = code_point(text, at);
  const std::string_view itself = text.substr(at, length);
  at += length;
  if (!upsets_a_terminal(c)) return std::string(itself);
  if (c == U'\n') return "\\n";
  if (c == U'\r') return "\\r";
  if (c == U'\t') return "\\t";
  const auto number = static_cast<unsigned>(c);
  return c <= 0xFF ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

std::string first_hidden(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    shown = next_printable(text, at);
    if (shown != text.substr(begin, at - begin)) return shown;
  }
  return "";
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) shown += next_printable(text, at);
  return shown;
}

}  // namespace weir::spec
