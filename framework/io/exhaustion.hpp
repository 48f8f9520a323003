#pragma once

/// Errors of the system that pass by themselves: too many descriptors or processes, no memory.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace weir::io {

/// Of pipe, epoll_ctl, fork and accept.
bool is_exhaustion(int error);

/// "no more descriptors (`ulimit -n` is 64)"
std::string what_has_run_out(int error);

/// What has run out, and what that means: one line.
std::string explain_exhaustion(int error);

/// That nothing could be started for so long, and what was missing: one line.
std::string explain_stuck(int error, std::chrono::nanoseconds after);

/// Says of each such error once that it has come.
class ExhaustionNotes {
 public:
  /// `note` may be empty: then nobody listens.
  explicit ExhaustionNotes(std::function<void(const std::string& line)> note);

  void has_come(int error);

 private:
  std::function<void(const std::string&)> note_;
  std::vector<int> said_;
};

}  // namespace weir::io
