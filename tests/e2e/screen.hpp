#pragma once

/// What a terminal shows of what is written to it: as much of one as weir uses.

#include <cstddef>
#include <string>
#include <vector>

namespace weir::e2e {

/// Knows CR, LF, cursor up, clearing to the end of the line and of the screen, wrapping on and off,
/// and colours, which it passes over. Throws std::runtime_error at every other escape sequence.
/// Characters are one column wide.
class Screen {
 public:
  Screen(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), lines_(1) {}

  void feed(const std::string& bytes);
  /// Lines are wrapped anew, as most terminals do.
  void resize(std::size_t columns, std::size_t rows);

  /// All lines, those that have scrolled away too, without blanks at their ends.
  std::vector<std::string> lines() const;
  bool wraps() const { return wraps_; }

 private:
  /// What was wrapped goes on in the next one.
  struct Line {
    std::vector<std::string> cells;
    bool goes_on = false;
  };

  void escape(const std::string& sequence);
  void put(const std::string& character);
  void feed_line();
  std::size_t top() const { return lines_.size() > rows_ ? lines_.size() - rows_ : 0; }

  std::size_t columns_;
  std::size_t rows_;
  std::vector<Line> lines_;
  std::size_t row_ = 0;  // into `lines_`
  std::size_t column_ = 0;
  bool wraps_ = true;
  std::string open_;  // an escape sequence or character that has come in part
};

}  // namespace weir::e2e
