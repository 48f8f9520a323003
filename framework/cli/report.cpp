#include "view/record/report.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "journal/error.hpp"
#include "journal/file.hpp"

namespace weir::cli {
namespace {

struct Options {
  RunChoice choice;
  std::string output;
  bool json = false;
};

int report(const Options& options) {
  const view::Recording recording = view::load_recording(options.choice.run, options.choice.root);
  using Json = nlohmann::ordered_json;
  const std::string text =
      view::report_json(recording).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (options.output.empty() || options.output == "-") {
    std::cout << text;
    return kDone;
  }
  const std::string error = journal::replace_file(options.output, text);
  if (!error.empty()) throw journal::Error(error);
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("report", "Makes a report of a run");
  add_run_argument(*command, options->choice);
  command->add_option("-o,--output", options->output, "Where to; without it, standard output")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "What the page is made from, as JSON");
  command->callback([options, &chosen] {
    chosen.command = [options] {
      try {
        return report(*options);
      } catch (const journal::UnknownRun& error) {
        std::cerr << "weir: error: " << error.what() << "\n";
        return kBadInput;
      }
    };
  });
}

}  // namespace weir::cli
