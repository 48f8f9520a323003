#pragma once

/// Child processes, as nodes ask for them and get them back.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// A program to run. No shell is involved: `argv` reaches the program element by element, and
/// `argv[0]` is looked up in the PATH of the child's environment.
struct Command {
  std::vector<std::string> argv;
  /// Set on top of weir's own environment; later entries win.
  std::vector<std::pair<std::string, std::string>> env;
  std::string cwd;                         ///< empty: weir's own
  std::string input;                       ///< written to standard input if `has_input`
  bool has_input = false;                  ///< otherwise standard input is /dev/null
  std::size_t output_cap = std::size_t{1} << 20;  ///< bytes kept of stdout, and of stderr
};

/// How a program ended. One that could not be started at all is reported as an exception
/// (ProcessError) by `Host::run`, not as a result.
struct ProcessResult {
  int status = 0;  ///< exit status; 128 + signal number if a signal ended it
  int signal = 0;  ///< the signal that ended it, or 0
  std::string out;
  std::string err;
  std::uint64_t out_dropped = 0;  ///< bytes of stdout beyond the cap: read, counted, thrown away
  std::uint64_t err_dropped = 0;
  double seconds = 0;  ///< from start to exit

  bool ok() const { return status == 0; }
};

}  // namespace weir
