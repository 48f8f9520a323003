#include "cli/command.hpp"

#include <exception>
#include <iostream>

namespace weir::cli {

int run_command_line(int argc, char** argv, const Tables& builtin) {
  CLI::App app(
      "Runs pipelines that are declared in YAML: many producers, a queue, and a few "
      "consumers at a time.",
      "weir");
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Show the help of every command");
  app.set_version_flag("--version", WEIR_VERSION);
  Chosen chosen;
  add_run(app, chosen, builtin);
  add_check(app, chosen, builtin);
  add_graph(app, chosen, builtin);
  add_nodes(app, chosen, builtin);
  add_version(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has exit statuses of its own, from 100 on; weir's for a wrong command line is 2.
    return app.exit(error, std::cout, std::cerr) == 0 ? kDone : kBadInput;
  }
  try {
    return chosen.command();
  } catch (const std::exception& error) {
    std::cerr << "weir: error: " << error.what() << "\n";
    return kCannotWork;
  }
}

}  // namespace weir::cli
