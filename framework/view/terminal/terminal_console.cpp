#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include "view/output.hpp"
#include "view/terminal/columns.hpp"
#include "view/terminal/console.hpp"

namespace weir::view {
namespace {

constexpr std::chrono::milliseconds kWritePause{100};  // between two writes that eyes can follow
constexpr std::size_t kMostHeld = std::size_t{64} << 10U;
/// Who has gone on after Ctrl-Z hears of SIGCONT as well, a moment later.
constexpr std::chrono::seconds kSame{1};

/// What the environment variable says; `otherwise`, if that makes no sense.
std::size_t number_in(const char* variable, std::size_t otherwise) {
  const char* const text = std::getenv(variable);
  const std::string_view value = text == nullptr ? std::string_view() : text;
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_one = error == std::errc() && end == value.data() + value.size() && number > 0;
  return is_one ? number : otherwise;
}

/// How wide a line of a frame is, its colours aside.
std::size_t width_of(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      i = line.find('m', i);
      if (i == line.npos) break;
    } else {
      plain += line[i];
    }
  }
  return columns(plain);
}

}  // namespace

TerminalConsole::TerminalConsole(int terminal, int out, bool out_is_terminal)
    : terminal_(terminal),
      outlet_(terminal),
      out_(out),
      out_is_terminal_(out_is_terminal),
      said_(number_in("COLUMNS", 80), number_in("LINES", 24)) {}

TerminalConsole::~TerminalConsole() { suspend(); }

std::pair<std::size_t, std::size_t> TerminalConsole::size() const noexcept {
  winsize size{};
  if (ioctl(terminal_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return said_;
  }
  return {size.ws_col, size.ws_row};
}

/// Not in the foreground, the screen is somebody else's.
bool TerminalConsole::is_in_foreground() const noexcept {
  const pid_t group = tcgetpgrp(terminal_);
  return group < 0 || group == getpgrp();
}

/// Of the terminal's rows, by the frame on it: a terminal that has become narrower has wrapped it.
std::size_t TerminalConsole::rows_taken(std::size_t width) const {
  std::size_t rows = 0;
  for (const std::size_t of_line : widths_) {
    rows += std::max<std::size_t>(1, (of_line + width - 1) / width);
  }
  return rows;
}

/// To the place where the frame begins.
std::string TerminalConsole::erased() const {
  if (!is_shown_ || widths_.empty()) return "\r";
  return fmt::format("\r\x1b[{}A", rows_taken(size().first));
}

/// Each line takes the place of what was there; what is left below is cleared.
std::string TerminalConsole::drawn() const {
  std::string to = "\x1b[?7l";
  for (const std::string& line : frame_) to += line + "\x1b[K\r\n";
  return to + "\x1b[J\x1b[?7h";
}

void TerminalConsole::draw(std::vector<std::string> frame) noexcept {
  const std::lock_guard lock(mutex_);
  frame_ = std::move(frame);
  if (is_suspended_) return;
  // Frames that nobody sees would pile up where the terminal takes nothing.
  const bool is_too_early = Clock::now() - written_ < kWritePause || outlet_.kept() != 0;
  if (is_shown_ && !frame_.empty() && is_too_early) return;
  write_held();
}

void TerminalConsole::flush() noexcept {
  const std::lock_guard lock(mutex_);
  if (!is_suspended_ && !held_.empty() && !may_wait()) write_held();
}

/// Also without anything held: then it draws the frame.
void TerminalConsole::write_held() noexcept {
  try {
    const bool is_to_be_shown = !frame_.empty() && !is_suspended_ && is_in_foreground();
    std::string text;
    if (is_shown_ && is_in_foreground()) {
      text = erased();
      if (!held_.empty() || !is_to_be_shown) text += "\x1b[J";
    }
    text += held_;
    if (is_to_be_shown) text += drawn();
    is_shown_ = is_to_be_shown;
    widths_.clear();
    if (is_shown_) {
      // It may have become narrower since the frame was made: then lines have been cut.
      const std::size_t columns = size().first;
      for (const std::string& line : frame_) widths_.push_back(std::min(width_of(line), columns));
    }
    held_.clear();
    written_ = Clock::now();
    outlet_.write(text);
  } catch (const std::exception&) {
    // No memory for it: later, perhaps.
  }
}

bool TerminalConsole::may_wait() const noexcept {
  return is_shown_ && !is_suspended_ && held_.size() < kMostHeld &&
         Clock::now() - written_ < kWritePause;
}

void TerminalConsole::put(std::string_view lines) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    held_ += lines;
  } catch (const std::exception&) {
    write_held();
    outlet_.write(lines);  // no memory to hold it
    return;
  }
  if (!may_wait()) write_held();
}

void TerminalConsole::error(std::string_view lines) noexcept { put(lines); }

void TerminalConsole::error(const Pieces& pieces) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    for (std::string piece = pieces(); !piece.empty(); piece = pieces()) {
      held_ += piece;
      if (held_.size() >= kMostHeld) write_held();
    }
  } catch (const std::exception&) {
    // No memory for more of it.
  }
  if (!may_wait()) write_held();
}

std::string TerminalConsole::out(std::string_view lines) noexcept {
  if (out_is_terminal_) {
    put(lines);
    outlet_.wait(kMostHeld);
    return outlet_.error();
  }
  const std::lock_guard lock(out_mutex_);
  return write_all(out_, lines);
}

void TerminalConsole::suspend() noexcept {
  const std::lock_guard lock(mutex_);
  if (is_suspended_) return;
  is_suspended_ = true;
  if (is_shown_ || !held_.empty()) write_held();
}

void TerminalConsole::resume() noexcept {
  const std::lock_guard lock(mutex_);
  const bool was_suspended = std::exchange(is_suspended_, false);
  if (!was_suspended && Clock::now() - resumed_ < kSame) return;
  resumed_ = Clock::now();
  // Without a warning, the frame is still there, and others have written below it.
  is_shown_ = false;
  if (!frame_.empty()) write_held();
}

}  // namespace weir::view
