#pragma once

/// The whole of the `weir` binary, but for the node types that come with it.

#include <functional>
#include <vector>

#include <weir/abi.hpp>

namespace weir::cli {

/// Where the built-in nodes come from.
using Tables = std::function<std::vector<abi::Table>()>;

/// Parses the command line and runs the command. The result is the exit status.
int run_command_line(int argc, char** argv, const Tables& builtin);

}  // namespace weir::cli
