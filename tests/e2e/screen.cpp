#include "screen.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace weir::e2e {

void Screen::feed(const std::string& bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!open_.empty() && open_[0] == '\x1b') {
      open_ += c;
      if (open_.size() > 2 && byte >= 0x40) escape(std::exchange(open_, ""));
    } else if (byte == 0x1b) {
      open_ = c;
    } else if (c == '\r') {
      column_ = 0;
    } else if (c == '\n') {
      feed_line();
    } else if (byte < 0x80) {
      put(std::string(1, c));
    } else if (byte >= 0xC0) {
      open_ = c;
    } else {
      open_ += c;
      const auto lead = static_cast<unsigned char>(open_[0]);
      const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
      if (open_.size() == length) put(std::exchange(open_, ""));
    }
  }
}

void Screen::escape(const std::string& sequence) {
  const char what = sequence.back();
  const std::string number = sequence.substr(2, sequence.size() - 3);
  if (sequence == "\x1b[?7l" || sequence == "\x1b[?7h") {
    wraps_ = what == 'h';
  } else if (sequence.starts_with("\x1b[") && what == 'm') {
    // a colour
  } else if (what == 'A') {
    const std::size_t up = number.empty() ? 1 : std::stoul(number);
    row_ = row_ - std::min(up, row_ - top());
  } else if (what == 'J' && number.empty()) {
    lines_.resize(row_ + 1);
    lines_[row_].cells.resize(std::min(column_, lines_[row_].cells.size()));
    lines_[row_].goes_on = false;
  } else if (what == 'K' && number.empty()) {
    lines_[row_].cells.resize(std::min(column_, lines_[row_].cells.size()));
    lines_[row_].goes_on = false;
  } else {
    throw std::runtime_error("an escape sequence that weir should not use: ESC" +
                             sequence.substr(1));
  }
}

void Screen::put(const std::string& character) {
  if (column_ == columns_) {
    if (wraps_) {
      lines_[row_].goes_on = true;
      feed_line();
      column_ = 0;
    } else {
      --column_;
    }
  }
  std::vector<std::string>& cells = lines_[row_].cells;
  if (cells.size() <= column_) cells.resize(column_ + 1, " ");
  cells[column_++] = character;
}

void Screen::feed_line() {
  if (++row_ == lines_.size()) lines_.emplace_back();
}

void Screen::resize(std::size_t columns, std::size_t rows) {
  std::vector<Line> lines;
  std::size_t row = 0;
  bool goes_on = false;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!goes_on) lines.emplace_back();
    for (const std::string& cell : lines_[i].cells) {
      if (lines.back().cells.size() == columns) {
        lines.back().goes_on = true;
        lines.emplace_back();
      }
      lines.back().cells.push_back(cell);
    }
    goes_on = lines_[i].goes_on;
    if (i == row_) row = lines.size() - 1;
  }
  lines_ = std::move(lines);
  row_ = row;
  column_ = std::min(column_, columns);
  columns_ = columns;
  rows_ = rows;
}

std::vector<std::string> Screen::lines() const {
  std::vector<std::string> to;
  for (const Line& line : lines_) {
    std::string text;
    for (const std::string& cell : line.cells) text += cell;
    text.resize(text.find_last_not_of(' ') + 1);
    to.push_back(std::move(text));
  }
  while (!to.empty() && to.back().empty()) to.pop_back();
  return to;
}

}  // namespace weir::e2e
