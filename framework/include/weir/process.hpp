#pragma once

/// Child processes, as nodes ask for them and get them back.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// A program to run. No shell is involved: `argv` reaches the program element by element, and
/// `argv[0]` is looked up in the PATH of the child's environment.
struct Command {
  std::vector<std::string> argv;
  /// Set on top of weir's own environment; later entries win.
  std::vector<std::pair<std::string, std::string>> env;
  std::string cwd;                                ///< empty: weir's own
  std::string input;                              ///< written to standard input if `has_input`
  bool has_input = false;                         ///< otherwise standard input is /dev/null
  std::size_t output_cap = std::size_t{1} << 20;  ///< bytes kept of stdout, and of stderr
  /// What it writes to standard output is for people, as what it writes to standard error is; not
  /// the data that the node runs it for.
  bool out_is_for_people = false;
};

/// How a program ended. One that could not be started at all, or whose output could not be read to
/// its end, is reported as an exception (ProcessError) by `Host::run`, not as a result.
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

/// Why an item failed, as its failure record shows it.
struct Failure {
  std::string error;    ///< one line, or a few
  std::string command;  ///< the command line, if a command failed
  int status = -1;      ///< its exit status, or -1
  std::string output;   ///< the last lines that it wrote
};

/// Thrown by nodes whose command failed; any other exception fails the item with its `what()`
/// alone.
class CommandFailed : public std::runtime_error {
 public:
  /// "`false` exited with status 1", "`sleep 9` was ended by signal 9 (Killed)".
  CommandFailed(const std::string& command, const ProcessResult& result)
      : CommandFailed(command, command, result) {}
  /// `shown` stands for the command in the error's text, where the command itself would be too
  /// much.
  CommandFailed(std::string command, const std::string& shown, const ProcessResult& result);

  const Failure& failure() const { return failure_; }

 private:
  static std::string describe(const std::string& command, const ProcessResult& result);

  Failure failure_;
};

/// A command line that a shell would read back as these arguments.
inline std::string shell_quoted(const std::vector<std::string>& argv) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
  std::string to;
  for (const std::string& argument : argv) {
    if (!to.empty()) to += ' ';
    if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) {
      to += argument;
      continue;
    }
    to += '\'';
    for (const char c : argument) {
      if (c == '\'') {
        to += "'\\''";
      } else {
        to += c;
      }
    }
    to += '\'';
  }
  return to;
}

/// The last `lines` lines of a text, at most `bytes` bytes of them.
inline std::string_view last_lines(std::string_view text, int lines, std::size_t bytes) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::size_t at = text.size();
  while (at > 0 && text.size() - at < bytes) {
    if (text[at - 1] == '\n' && --lines == 0) break;
    --at;
  }
  return text.substr(at);
}

inline std::string CommandFailed::describe(const std::string& command,
                                           const ProcessResult& result) {
  std::string shown = command.size() > 500 ? command.substr(0, 500) + "…" : command;
  if (result.signal != 0) {
    return "`" + shown + "` was ended by signal " + std::to_string(result.signal);
  }
  return "`" + shown + "` exited with status " + std::to_string(result.status);
}

inline CommandFailed::CommandFailed(std::string command, const std::string& shown_,
                                    const ProcessResult& result)
    : std::runtime_error(describe(shown_, result)) {
  failure_.error = what();
  failure_.command = std::move(command);
  failure_.status = result.status;
  failure_.output = last_lines(result.err.empty() ? result.out : result.err, 20, 4000);
}

}  // namespace weir
