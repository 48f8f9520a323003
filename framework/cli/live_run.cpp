#include "cli/live_run.hpp"

#include <fmt/format.h>
#include <iostream>

#include "cli/command.hpp"
#include "io/local_client.hpp"
#include "journal/error.hpp"
#include "journal/time.hpp"
#include "view/requests.hpp"
#include "view/runs.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kLongestState = 40;
constexpr std::size_t kLongestError = 2000;

int show_error(std::string_view error, int status) {
  std::cerr << "weir: error: " << view::one_line(error, kLongestError) << "\n";
  return status;
}

/// What to do about it.
std::string_view advice(io::AskError::Why why) {
  switch (why) {
    case io::AskError::Why::nobody:
    case io::AskError::Why::closed:
      return "it may have just begun, or be about to end: try again";
    case io::AskError::Why::refused:
      return "only the user who runs it may ask";
    case io::AskError::Why::timed_out:
      return "it may be stopped (by Ctrl-Z), or busy: try again";
    case io::AskError::Why::failed:
      break;
  }
  return "";
}

}  // namespace

void add_root_option(CLI::App& command, RunChoice& choice) {
  command.add_option("--root", choice.root, "The folder that the runs are in")
      ->type_name("DIR")
      ->capture_default_str();
}

void add_run_argument(CLI::App& command, RunChoice& choice) {
  command
      .add_option("RUN", choice.run,
                  "The run: 'latest', its id or the beginning of it, or its directory")
      ->capture_default_str();
  add_root_option(command, choice);
}

int with_run(const RunChoice& choice, const OnRun& on_run) {
  try {
    const journal::RunDirectory run = journal::RunDirectory::open(choice.run, choice.root);
    if (!run.is_alive()) return on_run.over(run);
    try {
      return on_run.alive(run);
    } catch (const io::AskError& error) {
      if (!run.is_alive()) return on_run.over(run);  // meanwhile
      const std::string_view what = advice(error.why());
      return show_error(fmt::format("run {} is alive, but {}{}{}", run.id(), error.what(),
                                    what.empty() ? "" : "; ", what),
                        kCannotWork);
    }
  } catch (const journal::UnknownRun& error) {
    return show_error(error.what(), kBadInput);
  } catch (const view::RequestError& error) {
    return show_error(error.what(), kCannotWork);
  }
}

std::string ask(const journal::RunDirectory& run, std::string_view request) {
  return io::ask(run.socket(), request);
}

std::string over_text(const journal::RunDirectory& run) {
  const view::RunStatus status = view::status_of(run, journal::now_ns());
  if (!status.problem.empty()) {
    std::cerr << "weir: warning: " << view::one_line(status.problem, kLongestError) << "\n";
  }
  return fmt::format("{} is over: {}, {} after its start", status.id,
                     view::one_line(status.state, kLongestState), view::short_time(status.seconds));
}

}  // namespace weir::cli
