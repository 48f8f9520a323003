#include "view/terminal/columns.hpp"

#include <algorithm>
#include <cstdint>

#include "view/terminal/column_table.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

template <std::size_t N>
bool is_in(const std::array<CodeRange, N>& ranges, std::uint32_t code) {
  const auto range =
      std::lower_bound(ranges.begin(), ranges.end(), code,
                       [](const CodeRange& r, std::uint32_t c) { return r.last < c; });
  return range != ranges.end() && range->first <= code;
}

std::size_t columns_of(std::uint32_t code) {
  if (code < 0x300) return 1;
  if (is_in(kNoColumns, code)) return 0;
  return is_in(kTwoColumns, code) ? 2 : 1;
}

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

/// The first one of well-formed UTF-8.
Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || bytes > text.size()) return {lead, 1};
  std::uint32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {code, bytes};
}

}  // namespace

std::size_t columns(std::string_view line) {
  std::size_t width = 0;
  while (!line.empty()) {
    const Character character = first_of(line);
    width += columns_of(character.code);
    line.remove_prefix(character.bytes);
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t most) {
  // A character may have any number of marks on it: that many are enough of them.
  const std::string line = one_line(text, 4 * most);
  std::size_t width = 0;
  std::size_t at = 0;
  std::size_t room = 0;  // bytes that leave a column for "…"
  while (at < line.size()) {
    const Character character = first_of(std::string_view(line).substr(at));
    width += columns_of(character.code);
    if (width > most) return most == 0 ? "" : line.substr(0, room) + "…";
    at += character.bytes;
    if (width < most) room = at;
  }
  return line;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  std::string to = fitted(text, width);
  const std::string blanks(width - std::min(width, columns(to)), ' ');
  return right ? blanks + to : to + blanks;
}

}  // namespace weir::view
