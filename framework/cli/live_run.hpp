#pragma once

/// What the commands that talk to a run have in common.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "journal/run_directory.hpp"

namespace weir::cli {

/// Which run.
struct RunChoice {
  std::string run = "latest";
  std::string root = journal::default_root().string();
};

/// The option --root, and the argument RUN where it is the only one.
void add_run_argument(CLI::App& command, RunChoice& choice);
void add_root_option(CLI::App& command, RunChoice& choice);

/// What is done with the run: by one of them.
struct OnRun {
  /// It is alive. May call `ask`, once or several times.
  std::function<int(const journal::RunDirectory& run)> alive;
  /// It is over, since `alive` was called perhaps.
  std::function<int(const journal::RunDirectory& run)> over;
};

/// Finds the run, and gives the exit status of what was called; or of an error, which it shows: the
/// run is unknown, or doesn't answer.
int with_run(const RunChoice& choice, const OnRun& on_run);

/// The run's reply to a request. Throws what `with_run` shows.
std::string ask(const journal::RunDirectory& run, std::string_view request);

/// "20261125-015240-images is over: failed, 3m12s after its start"; how it ended, or that it has
/// crashed. Without a newline.
std::string over_text(const journal::RunDirectory& run);

}  // namespace weir::cli
