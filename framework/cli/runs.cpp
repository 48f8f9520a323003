#include "view/runs.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "journal/time.hpp"

namespace weir::cli {
namespace {

struct RunsOptions {
  std::string root = journal::default_root().string();
  bool json = false;
};

int show_runs(const RunsOptions& options) {
  const journal::RunList list = journal::list_runs(options.root);
  std::vector<view::RunStatus> runs;
  std::vector<std::string> problems = list.problems;
  for (const journal::RunDirectory& run : list.runs) {
    runs.push_back(view::status_of(run, journal::now_ns()));
    if (!runs.back().problem.empty()) problems.push_back(runs.back().problem);
  }
  for (const std::string& problem : problems) std::cerr << "weir: warning: " << problem << "\n";
  if (options.json) {
    std::cout << view::runs_json(runs);
  } else if (!runs.empty()) {
    std::cout << view::runs_table(runs);
  } else {
    std::cerr << fmt::format("there are no runs in '{}'\n", options.root);
  }
  return kDone;
}

}  // namespace

void add_runs(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<RunsOptions>();
  CLI::App* command = app.add_subcommand("runs", "Lists the runs, the latest one last");
  command->add_option("--root", options->root, "The folder that the runs are in")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--json", options->json, "As JSON");
  command->callback(
      [options, &chosen] { chosen.command = [options] { return show_runs(*options); }; });
}

}  // namespace weir::cli
