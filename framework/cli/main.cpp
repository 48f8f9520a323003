#include "cli/command_line.hpp"
#include "nodes/builtin.hpp"

int main(int argc, char** argv) {
  return weir::cli::run_command_line(argc, argv, weir::nodes::builtin);
}
