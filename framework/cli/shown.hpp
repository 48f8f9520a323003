#pragma once

/// What of a run is shown, as the command line and the environment say.

#include <CLI/CLI.hpp>
#include <string>

#include "view/terminal/session.hpp"

namespace weir::cli {

struct ShownOptions {
  std::string progress;  ///< as given; empty: WEIR_PROGRESS, or `auto`
  std::string output;    ///< the same; empty: `none` if `quiet`, or `group`
  bool quiet = false;
};

/// `--progress`, `--output` and `--quiet`.
void add_shown_options(CLI::App& command, ShownOptions& options);

/// What is to be shown where; of the run itself nothing yet.
view::Session::Options shown(const ShownOptions& options);

}  // namespace weir::cli
