#include "view/terminal/columns.hpp"

#include <algorithm>

#include "spec/utf8.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// A byte that is not UTF-8 counts as a character.
std::size_t bytes_at(std::string_view line, std::size_t at) {
  return std::max<std::size_t>(spec::code_point_length(line, at), 1);
}

}  // namespace

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
