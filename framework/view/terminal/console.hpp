#pragma once

/// All that this process writes to standard output and standard error while a run goes on, so that
/// nothing mixes.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "view/terminal/outlet.hpp"

namespace weir::view {

/// From any thread. Standard error is waited for by nobody (see Outlet); standard output is, as
/// what goes there is data: those who make it have to wait for those who read it.
class Console {
 public:
  /// The next piece of a text; empty at its end. Whole lines, all together.
  using Pieces = std::function<std::string()>;

  virtual ~Console() = default;
  /// Whole lines for standard error.
  virtual void error(std::string_view lines) noexcept = 0;
  /// The same, too long to be held; nothing else comes between.
  virtual void error(const Pieces& pieces) noexcept = 0;
  /// Whole lines for standard output. The result is an error, or empty.
  virtual std::string out(std::string_view lines) noexcept = 0;
  /// This process is to be stopped, until `resume`.
  virtual void suspend() noexcept {}
  /// It goes on; without `suspend` before: it had been stopped without a warning.
  virtual void resume() noexcept {}
};

/// Writes at once.
class PlainConsole final : public Console {
 public:
  PlainConsole();

  void error(std::string_view lines) noexcept override;
  void error(const Pieces& pieces) noexcept override;
  std::string out(std::string_view lines) noexcept override;
  /// As `error`, and not counted.
  void sign_of_life(std::string_view lines) noexcept;
  /// How often anything has been written.
  std::uint64_t writes() const noexcept { return writes_; }
  /// Waits until all is written.
  void finish() noexcept { error_.wait(); }

 private:
  Outlet error_;
  std::mutex error_mutex_;  // held while what belongs together is written
  std::mutex out_mutex_;
  std::atomic<std::uint64_t> writes_{0};
};

/// A terminal with a frame at the bottom, above which lines come. A frame is drawn by a single
/// write that leaves nothing behind in the terminal's state: no cursor hidden, no other screen, no
/// wrapping off. The cursor is at the beginning of the line below it.
///
/// What comes faster than eyes can follow is held back, up to 64 KiB, until the next frame.
class TerminalConsole final : public Console {
 public:
  using Clock = std::chrono::steady_clock;

  /// `out` is the terminal too, or goes elsewhere and is left alone.
  TerminalConsole(int terminal, int out, bool out_is_terminal);
  /// Takes the frame away.
  ~TerminalConsole() override;

  void error(std::string_view lines) noexcept override;
  void error(const Pieces& pieces) noexcept override;
  std::string out(std::string_view lines) noexcept override;

  /// Columns and rows of the terminal as it is now; where it doesn't say, what COLUMNS and LINES
  /// said in the environment, or else 80 × 24.
  std::pair<std::size_t, std::size_t> size() const noexcept;
  /// Draws a frame in place of the last one, below what was held back. Lines must be narrower than
  /// the terminal. In the background nothing is drawn.
  void draw(std::vector<std::string> frame) noexcept;
  /// Writes what is held back.
  void flush() noexcept;
  /// Waits until all is written that was not held back.
  void finish() noexcept { outlet_.wait(); }
  /// Takes the frame away, until `resume`.
  void suspend() noexcept override;
  void resume() noexcept override;

 private:
  bool is_in_foreground() const noexcept;
  std::size_t rows_taken(std::size_t width) const;
  std::string erased() const;
  std::string drawn() const;
  /// Whether what is held may be so a little longer.
  bool may_wait() const noexcept;
  void put(std::string_view lines) noexcept;
  void write_held() noexcept;

  const int terminal_;
  Outlet outlet_;  // to it
  const int out_;
  const bool out_is_terminal_;
  const std::pair<std::size_t, std::size_t> said_;  // by the environment
  std::mutex out_mutex_;                            // where that is not the terminal
  mutable std::mutex mutex_;
  std::vector<std::string> frame_;
  std::vector<std::size_t> widths_;  // of the lines on the screen
  bool is_shown_ = false;
  bool is_suspended_ = false;
  std::string held_;
  Clock::time_point written_{};
  Clock::time_point resumed_{};
};

}  // namespace weir::view
