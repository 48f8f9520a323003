#pragma once

/// From a Command to what exec needs, with every mistake that can be found before the start.

#include <optional>
#include <string>
#include <vector>

#include <weir/process.hpp>

#include "io/environment.hpp"

namespace weir::io {

/// A command that is ready to be started.
struct Launch {
  std::string program;                 ///< the file, as seen from the child's working directory
  std::string directory;               ///< the child's working directory; empty: this process's
  std::optional<Environment> changed;  ///< the environment, where it is not the base's own
  std::vector<char*> argv;             ///< ends with a null pointer
  std::vector<char*> environment;      ///< ends with a null pointer
};

/// Fills `launch`, which is valid as long as `command` and `base` are. Gives "", or why the command
/// cannot be started: one line, what is wrong and what to do.
std::string prepare(const Command& command, const Environment& base, Launch& launch);

/// Why a start that `prepare` found no fault with failed with `error` (an errno).
std::string explain_failure(const Command& command, const Launch& launch, int error);

}  // namespace weir::io
