#include "view/terminal/columns.hpp"

#include <algorithm>

#include "spec/utf8.hpp"
#include "view/terminal/column_table.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

template <std::size_t N>
bool is_in(const std::array<CodeRange, N>& ranges, char32_t code) {
  const auto range = std::lower_bound(ranges.begin(), ranges.end(), code,
                                      [](const CodeRange& r, char32_t c) { return r.last < c; });
  return range != ranges.end() && range->first <= code;
}

/// A byte that is not UTF-8 counts as a character.
std::size_t bytes_at(std::string_view line, std::size_t at) {
  return std::max<std::size_t>(spec::code_point_length(line, at), 1);
}

}  // namespace

std::size_t columns(char32_t character) {
  if (character < 0x300) return 1;
  if (is_in(kNoColumns, character)) return 0;
  return is_in(kTwoColumns, character) ? 2 : 1;
}

std::size_t columns(std::string_view line) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < line.size(); at += bytes_at(line, at)) {
    width += columns(spec::code_point(line, at));
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t most) {
  // A character may have any number of marks on it: that many are enough of them.
  std::string line = one_line(text, 4 * most);
  std::size_t width = 0;
  std::size_t at = 0;
  std::size_t room = 0;  // bytes that leave a column for "…"
  while (at < line.size()) {
    width += columns(spec::code_point(line, at));
    if (width > most) return most == 0 ? "" : line.substr(0, room) + "…";
    at += bytes_at(line, at);
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
