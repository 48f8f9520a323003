#include "view/terminal/shown_line.hpp"

#include <algorithm>

#include "spec/utf8.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// The length of the colour sequence at the front ("\x1b[1;31m"), or 0.
std::size_t colour_sequence(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;:", 2);
  return end != text.npos && text[end] == 'm' && end < 64 ? end + 1 : 0;
}

/// The bytes of as many characters of it as there is room for, which is taken off from the room.
std::size_t fitting(std::string_view text, std::size_t& room) {
  std::size_t at = 0;
  for (; at < text.size() && room > 0; --room) {
    at += std::max<std::size_t>(spec::code_point_length(text, at), 1);
  }
  return at;
}

}  // namespace

std::string shown_line(std::string_view line, bool keeps_colours, std::size_t most) {
  std::string to;
  bool any_colour = false;
  while (!line.empty()) {
    const std::size_t colour = colour_sequence(line);
    if (colour > 0) {
      if (keeps_colours) to += line.substr(0, colour);
      any_colour = true;
      line.remove_prefix(colour);
      continue;
    }
    const std::string_view text = line.substr(0, line.find('\x1b', 1));
    const std::size_t fits = fitting(text, most);
    to += harmless(text.substr(0, fits));
    if (fits < text.size()) {
      to += "…";
      break;
    }
    line.remove_prefix(fits);
  }
  if (any_colour && keeps_colours) to += "\x1b[0m";
  return to;
}

void LineSplitter::feed(std::string_view bytes, const Line& line) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::size_t length = end == bytes.npos ? bytes.size() : end;
    length = std::min(length, kLongest - open_.size());
    open_ += bytes.substr(0, length);
    bytes.remove_prefix(length);
    const bool is_ended = !bytes.empty() && bytes[0] == '\n';
    if (is_ended) bytes.remove_prefix(1);
    if (is_ended || open_.size() == kLongest) give(line);
  }
}

void LineSplitter::finish(const Line& line) {
  if (!open_.empty()) give(line);
}

void LineSplitter::give(const Line& line) {
  std::string_view text = open_;
  while (text.ends_with('\r')) text.remove_suffix(1);
  const std::size_t over = text.rfind('\r');
  line(over == text.npos ? text : text.substr(over + 1));
  open_.clear();
}

}  // namespace weir::view
