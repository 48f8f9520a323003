#include "cli/shown.hpp"

#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace weir::cli {
namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool is_dumb() { return variable("TERM").empty() || variable("TERM") == "dumb"; }

view::ProgressMode mode_of(const std::string& progress) {
  using view::ProgressMode;
  if (progress == "json") return ProgressMode::json;
  if (progress == "none") return ProgressMode::none;
  if (progress == "plain" || isatty(STDERR_FILENO) == 0) return ProgressMode::plain;
  return progress == "auto" && is_dumb() ? ProgressMode::plain : ProgressMode::tty;
}

/// https://no-color.org and https://bixense.com/clicolors
bool has_colour() {
  if (!variable("NO_COLOR").empty()) return false;
  const std::string_view force = variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return isatty(STDERR_FILENO) != 0 && !is_dumb();
}

view::OutputMode output_of(const ShownOptions& options) {
  using view::OutputMode;
  if (options.output.empty()) {
    return options.quiet || options.progress == "none" ? OutputMode::none : OutputMode::group;
  }
  if (options.output == "none") return OutputMode::none;
  return options.output == "line" ? OutputMode::line : OutputMode::group;
}

}  // namespace

void add_shown_options(CLI::App& command, ShownOptions& options) {
  command
      .add_option("--progress", options.progress,
                  "How the run is shown on standard error: as a picture of it that stays at the "
                  "bottom of a terminal, as lines, as events for programs, or not; `auto` is tty "
                  "at a terminal, and plain elsewhere")
      ->envname("WEIR_PROGRESS")
      ->check(CLI::IsMember({"auto", "tty", "plain", "json", "none"}));
  command
      .add_option("--output", options.output,
                  "What is shown of what commands write: all of an item's when it has ended, each "
                  "line as it comes, or nothing; without it `group`, and with --quiet or "
                  "--progress none `none`")
      ->check(CLI::IsMember({"group", "line", "none"}));
  command.add_flag("-q,--quiet", options.quiet,
                   "No line for each finished item, and no summary of a run that went well");
}

view::Session::Options shown(const ShownOptions& options) {
  view::Session::Options to;
  to.mode = mode_of(options.progress.empty() ? "auto" : options.progress);
  to.output = output_of(options);
  to.quiet = options.quiet;
  to.has_colour = has_colour();
  return to;
}

}  // namespace weir::cli
