#include "cli/command.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "cli/out_of_memory.hpp"
#include "journal/error.hpp"
#include "spec/diagnostic.hpp"
#include "spec/names.hpp"

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

/// The options of the commands that have been given.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* command : app.get_subcommands()) {
    for (std::string& name : options_of(*command)) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

/// What is wrong if there is something on the command line that has no meaning; or "". If it is an
/// option, that alone: its value may have been taken for something else.
std::string unexpected(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining(true);
  const auto option = std::find_if(rest.begin(), rest.end(), [](const std::string& argument) {
    return argument.size() > 1 && argument.starts_with('-') && argument != "--";
  });
  if (option != rest.end()) {
    const std::string name = option->substr(0, option->find('='));
    return "there is no option " + spec::quote(name) + spec::did_you_mean(name, options_of(app));
  }
  if (rest.empty()) return "";
  if (app.get_subcommands().empty()) {
    return "there is no command " + spec::quote(rest.front()) +
           spec::did_you_mean(rest.front(), commands_of(app));
  }
  return "there is one argument too many: " + spec::quote(rest.front());
}

int show_error(const char* message, int status) {
  std::cerr << "weir: error: " << message << "\n";
  return status;
}

int run_chosen(const Chosen& chosen) {
  try {
    const int status = chosen.command();
    // What is wrong with the file, then, may be no more than that.
    if (status == kBadInput && memory_has_run_out()) return show_error(kNoMemory, kCannotWork);
    std::cout.flush();
    if (std::cout || status != kDone) return status;
    return show_error("standard output can't be written", kCannotWork);
  } catch (const journal::UnknownRun& error) {
    return show_error(error.what(), kBadInput);
  } catch (const journal::UnknownItem& error) {
    return show_error(error.what(), kBadInput);
  } catch (const std::bad_alloc&) {
    return show_error(kNoMemory, kCannotWork);
  } catch (const std::exception& error) {
    return show_error(error.what(), kCannotWork);
  } catch (...) {
    return show_error("a plugin threw something that is not a std::exception", kCannotWork);
  }
}

}  // namespace

int run_command_line(int argc, char** argv, const Tables& builtin) {
  fill_standard_descriptors();
  // Who no longer reads what we say must not end the run, nor a file that may not grow any more.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
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
  add_runs(app, chosen);
  add_logs(app, chosen);
  add_rerun(app, chosen, builtin);
  add_report(app, chosen);
  add_trace(app, chosen);
  add_status(app, chosen);
  add_why(app, chosen);
  add_limit(app, chosen);
  add_nodes(app, chosen, builtin);
  add_version(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // What is missing may be missing because something else stands in its place.
    const std::string message = error.get_exit_code() == 0 ? "" : unexpected(app);
    if (!message.empty()) {
      std::cerr << message << "\nRun with --help for more information.\n";
      return kBadInput;
    }
    if (argc == 1) {
      std::cerr << app.help();
      return kBadInput;
    }
    // CLI11 has exit statuses of its own, from 100 on; weir's for a wrong command line is 2.
    return app.exit(error, std::cout, std::cerr) == 0 ? kDone : kBadInput;
  }
  return run_chosen(chosen);
}

}  // namespace weir::cli
