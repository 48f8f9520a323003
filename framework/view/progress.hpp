#pragma once

/// What a run shows while it goes on: plain lines on standard error.

#include <map>
#include <mutex>
#include <string>

#include "runtime/observer.hpp"

namespace weir::view {

/// One line for each item that ends at a node that waits or blocks:
///
///     [push 12/40] done 3.1s nginx
///
/// Failures are shown with the end of their output. Of the failures of a node that computes, and of
/// cancelled items, only the first few are shown.
class PlainProgress final : public runtime::Observer {
 public:
  struct Options {
    bool quiet = false;  ///< only failures and notes
    std::string run;     ///< how the run's directory is named on a command line; empty: none
  };
  explicit PlainProgress(Options options) : options_(options) {}

  void item_ended(const runtime::ItemEnd& end) noexcept override;
  void note(std::string_view node, std::string_view line) noexcept override;
  std::string print(std::string_view lines) noexcept override;

 private:
  void show(const std::string& lines) noexcept;
  /// The how-manieth of its node this is.
  int count_shown(std::string_view node);

  const Options options_;
  std::mutex mutex_;
  std::mutex output_mutex_;
  std::map<std::string, int, std::less<>> shown_;
};

}  // namespace weir::view
