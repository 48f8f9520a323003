#include "cli/command.hpp"

#include <csignal>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

namespace weir::cli {
namespace {

/// Who starts a program with standard descriptors closed would have our files take their numbers.
/// Opened for the opposite of their purpose: reading from or writing to a closed one stays an error
/// (EBADF), rather than that data is lost in silence.
void fill_standard_descriptors() {
  constexpr int kModes[] = {O_WRONLY, O_RDONLY, O_RDWR};
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", kModes[descriptor]);
  }
}

int run_chosen(const Chosen& chosen) {
  try {
    const int status = chosen.command();
    std::cout.flush();
    if (std::cout || status != kDone) return status;
    std::cerr << "weir: error: standard output can't be written\n";
  } catch (const std::exception& error) {
    std::cerr << "weir: error: " << error.what() << "\n";
  } catch (...) {
    std::cerr << "weir: error: a plugin threw something that is not a std::exception\n";
  }
  return kCannotWork;
}

}  // namespace

int run_command_line(int argc, char** argv, const Tables& builtin) {
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // who no longer reads what we say must not end the run
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
  return run_chosen(chosen);
}

}  // namespace weir::cli
