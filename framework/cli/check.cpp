#include "compile/check.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "cli/load.hpp"
#include "compile/bounds.hpp"

namespace weir::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  LoadOptions load;
  bool bounds = false;
};

void show_bounds(const std::string& file, const compile::Plan& plan) {
  const compile::Bounds bounds = compile::bounds_of(plan);
  for (const std::string& warning : bounds.warnings) {
    std::cerr << fmt::format("{}: warning: {}\n", file, warning);
  }
  std::cout << compile::print(bounds);
}

int check_files(const CheckOptions& options, const Tables& builtin) {
  int status = kDone;
  for (const std::string& file : options.files) {
    compile::Registry registry = make_registry(builtin);
    if (const auto plan = load(file, options.load, registry)) {
      std::cout << fmt::format("{}: ok, {} node{}\n", file, plan->nodes.size(),
                               plan->nodes.size() == 1 ? "" : "s");
      if (options.bounds) show_bounds(file, *plan);
    } else {
      status = kBadInput;
    }
  }
  return status;
}

}  // namespace

void add_check(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Finds everything that is wrong with pipelines; runs nothing");
  command->add_option("FILE", options->files, "The pipelines")->required();
  add_load_options(*command, options->load);
  command->add_flag("--bounds", options->bounds, "Shows for every edge the most that it can hold");
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return check_files(*options, builtin); };
  });
}

}  // namespace weir::cli
