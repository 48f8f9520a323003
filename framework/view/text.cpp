#include "view/text.hpp"

#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <vector>

#include "compile/print_limits.hpp"
#include "spec/utf8.hpp"

namespace weir::view {
namespace {

/// The length of the UTF-8 sequence at the front, or 0: it is not well-formed, or could upset a
/// terminal.
std::size_t sequence(std::string_view text) {
  const std::size_t length = spec::code_point_length(text, 0);
  if (length <= 1) return length;
  const char32_t code = spec::code_point(text, 0);
  // C1 controls, what ends a line, and the characters that turn the direction of writing.
  const bool control = code < 0xA0 || (code >= 0x2028 && code <= 0x202E) ||
                       (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
                       code == 0x061C;
  return control ? 0 : length;
}

/// Gives out the first character, escaped if need be, and takes it away.
void move_escaped(std::string_view& text, std::string& to) {
  const char c = text[0];
  const std::size_t length = sequence(text);
  if (c == '\n') {
    to += "\\n";
  } else if (c == '\t') {
    to += "\\t";
  } else if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
    to += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  } else {
    to += text.substr(0, length);
  }
  text.remove_prefix(length == 0 ? 1 : length);
}

}  // namespace

std::string one_line(std::string_view text, std::size_t most) {
  std::string to;
  std::size_t shown = 0;
  while (!text.empty()) {
    if (shown >= most) {
      to += "…";
      break;
    }
    move_escaped(text, to);
    ++shown;
  }
  return to;
}

std::string one_line_with_end(std::string_view text, std::size_t most) {
  std::string whole;
  std::vector<std::size_t> begins;  // of each character
  while (!text.empty()) {
    begins.push_back(whole.size());
    move_escaped(text, whole);
  }
  if (begins.size() <= most) return whole;
  const std::size_t behind = (most + 1) / 2;
  return whole.substr(0, begins[most - behind]) + "…" +
         whole.substr(begins[begins.size() - behind]);
}

std::string harmless(std::string_view text) {
  std::string to;
  while (!text.empty()) {
    if (text[0] == '\n' || text[0] == '\t') {
      to += text[0];
      text.remove_prefix(1);
    } else {
      move_escaped(text, to);
    }
  }
  return to;
}

std::size_t whole_sequences(std::string_view text) {
  constexpr std::size_t kMostBehindTheFirst = 2;  // of a sequence that lacks a byte
  for (std::size_t behind = 0; behind <= kMostBehindTheFirst && behind < text.size(); ++behind) {
    const std::size_t at = text.size() - 1 - behind;
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) == 0x80) continue;
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > behind + 1 ? at : text.size();
  }
  return text.size();
}

std::string short_time(double seconds) {
  if (seconds < 0.0995) return fmt::format("{:.1f}ms", seconds * 1e3);
  if (seconds < 60) return fmt::format("{:.1f}s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
}

std::string short_size(std::int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  const double rounded = std::round(size * 10) / 10;
  return fmt::format("{:.{}f}{}", rounded, rounded == std::round(rounded) ? 0 : 1, kUnits[unit]);
}

std::string rate_of_starts(double interval) {
  const std::chrono::duration<double> seconds(interval);
  const auto whole = std::chrono::duration_cast<std::chrono::nanoseconds>(seconds);
  return whole.count() > 0 ? compile::rate_text(whole) : "";
}

std::string_view to_string(abi::End end) {
  switch (end) {
    case abi::End::done:
      return "done";
    case abi::End::failed:
      return "failed";
    case abi::End::cancelled:
      return "cancelled";
  }
  return "?";
}

}  // namespace weir::view
