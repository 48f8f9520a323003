#include "compile/check.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "cli/load.hpp"

namespace weir::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  LoadOptions load;
};

int check_files(const Options& options, const Tables& builtin) {
  int status = kDone;
  for (const std::string& file : options.files) {
    compile::Registry registry = make_registry(builtin);
    if (const auto plan = load(file, options.load, registry)) {
      std::cout << fmt::format("{}: ok, {} node{}\n", file, plan->nodes.size(),
                               plan->nodes.size() == 1 ? "" : "s");
    } else {
      status = kBadInput;
    }
  }
  return status;
}

}  // namespace

void add_check(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("check", "Finds everything that is wrong with pipelines; runs nothing");
  command->add_option("FILE", options->files, "The pipelines")->required();
  add_load_options(*command, options->load);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return check_files(*options, builtin); };
  });
}

}  // namespace weir::cli
