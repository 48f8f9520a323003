#include <iostream>

#include "cli/command.hpp"

namespace weir::cli {

void add_version(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("version", "Shows the version, and the plugins' stamp");
  command->callback([&chosen] {
    chosen.command = [] {
      std::cout << "weir " << WEIR_VERSION << "\n" << abi::make_stamp().data() << "\n";
      return kDone;
    };
  });
}

}  // namespace weir::cli
