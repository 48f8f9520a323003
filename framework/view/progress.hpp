#pragma once

/// What people see of a run while it goes on, as lines on standard error.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/observer.hpp"
#include "view/terminal/console.hpp"
#include "view/terminal/item_output.hpp"

namespace weir::view {

/// One line for each item that ends at a node that waits or blocks:
///
///     [push 12/40] done 3.1s nginx
///
/// and for the first two of its failed attempts that are not its last one:
///
///     [push] attempt 1 of 5 failed 3.1s nginx: `buildah push …` exited with status 1; the next
///     in 2.0s
///
/// Failures are shown with the end of their output, unless all of it has been shown. Of the
/// failures of a node that computes, and of cancelled items, only the first few are shown.
class LineProgress final : public runtime::Observer {
 public:
  struct Options {
    bool only_failures = false;   ///< no line for others
    bool tells_attempts = false;  ///< of the first failed ones of an item that goes on
    OutputMode output = OutputMode::none;
    bool keeps_colours = false;  ///< of what commands write
    bool watches_items = false;  ///< somebody shows them
    std::string run;  ///< how the run's directory is named on a command line; empty: none
  };
  /// `console` must outlive it.
  LineProgress(Options options, Console& console)
      : options_(std::move(options)), console_(console) {}

  void item_ended(const runtime::ItemEnd& end) noexcept override;
  void attempt_failed(const runtime::FailedAttempt& attempt) noexcept override;
  void note(std::string_view node, std::string_view line) noexcept override;
  std::string print(std::string_view lines) noexcept override { return console_.out(lines); }
  std::unique_ptr<runtime::OutputTap> tap(std::string_view node, std::string_view item,
                                          std::int64_t attempt) noexcept override;
  bool shows_output() const noexcept override { return options_.output != OutputMode::none; }
  bool watches_items() const noexcept override { return options_.watches_items; }
  void suspends() noexcept override { console_.suspend(); }
  void resumes() noexcept override { console_.resume(); }

 private:
  /// The how-manieth of its node this is.
  int count_shown(std::string_view node);

  const Options options_;
  Console& console_;
  std::mutex mutex_;
  std::map<std::string, int, std::less<>> shown_;
};

}  // namespace weir::view
