#include <iostream>
#include <memory>

#include "cli/load.hpp"

namespace weir::cli {
namespace {

struct Options {
  std::string file;
  LoadOptions load;
  bool tbb = false;
};

int show_graph(const Options& options, const Tables& builtin) {
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load(options.file, options.load, registry);
  if (!plan) return kBadInput;
  std::cout << (options.tbb ? compile::print_tbb(*plan) : compile::print(*plan));
  return kDone;
}

}  // namespace

void add_graph(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("graph", "Shows the graph of a pipeline");
  command->add_option("FILE", options->file, "The pipeline")->required();
  command->add_flag("--tbb", options->tbb, "Shows what each node is on oneTBB's flow graph");
  add_load_options(*command, options->load);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return show_graph(*options, builtin); };
  });
}

}  // namespace weir::cli
