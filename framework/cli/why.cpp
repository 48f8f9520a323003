#include "view/why.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "view/requests.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

int tell_alive(const journal::RunDirectory& run) {
  const runtime::Status status = view::read_status_reply(ask(run, view::status_request()));
  for (const std::string& line : view::why(status)) std::cout << view::harmless(line) << "\n";
  return kDone;
}

int tell_over(const journal::RunDirectory& run) {
  std::cout << over_text(run) << "\n";
  return kDone;
}

}  // namespace

void add_why(CLI::App& app, Chosen& chosen) {
  auto choice = std::make_shared<RunChoice>();
  CLI::App* command = app.add_subcommand("why", "Says what holds a run back, the bottleneck first");
  add_run_argument(*command, *choice);
  command->callback([choice, &chosen] {
    chosen.command = [choice] { return with_run(*choice, {tell_alive, tell_over}); };
  });
}

}  // namespace weir::cli
