#pragma once

/// Colours and weights of text, where they are wanted.

#include <string>

namespace weir::view {

class Style {
 public:
  explicit Style(bool has_colour) : has_colour_(has_colour) {}

  std::string strong(const std::string& text) const { return with("\x1b[1m", text); }
  std::string weak(const std::string& text) const { return with("\x1b[2m", text); }
  std::string bad(const std::string& text) const { return with("\x1b[31m", text); }
  std::string notable(const std::string& text) const { return with("\x1b[33m", text); }
  /// Goes on as `strong` behind something else within it.
  std::string begin_strong() const { return has_colour_ ? "\x1b[1m" : ""; }

 private:
  std::string with(const char* begin, const std::string& text) const {
    return has_colour_ ? begin + text + "\x1b[0m" : text;
  }

  bool has_colour_;
};

}  // namespace weir::view
