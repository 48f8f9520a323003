#pragma once

/// The commands of the `weir` binary.

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/command_line.hpp"

namespace weir::cli {

/// Exit statuses that are weir's own. A command that fails an item exits 1, one that a signal stops
/// 128 + its number.
inline constexpr int kDone = 0;
inline constexpr int kIsOver = 1;  ///< of `limit`: the run takes no changes any more
inline constexpr int kBadInput = 2;
inline constexpr int kCannotWork = 3;

/// What the user chose to do, and how it ended.
struct Chosen {
  std::function<int()> command;
};

void add_run(CLI::App& app, Chosen& chosen, const Tables& builtin);
void add_check(CLI::App& app, Chosen& chosen, const Tables& builtin);
void add_graph(CLI::App& app, Chosen& chosen, const Tables& builtin);
void add_runs(CLI::App& app, Chosen& chosen);
void add_logs(CLI::App& app, Chosen& chosen);
void add_rerun(CLI::App& app, Chosen& chosen, const Tables& builtin);
void add_report(CLI::App& app, Chosen& chosen);
void add_trace(CLI::App& app, Chosen& chosen);
void add_status(CLI::App& app, Chosen& chosen);
void add_why(CLI::App& app, Chosen& chosen);
void add_limit(CLI::App& app, Chosen& chosen);
void add_nodes(CLI::App& app, Chosen& chosen, const Tables& builtin);
void add_version(CLI::App& app, Chosen& chosen);

}  // namespace weir::cli
