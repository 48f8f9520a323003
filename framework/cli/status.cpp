#include "view/status.hpp"

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "journal/time.hpp"
#include "view/requests.hpp"
#include "view/runs.hpp"
#include "view/status_json.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

struct StatusOptions {
  RunChoice choice;
  bool json = false;
};

int show_alive(const journal::RunDirectory& run, bool json) {
  const runtime::Status status = view::read_status_reply(ask(run, view::status_request()));
  if (!json) {
    std::cout << view::harmless(view::status_text(status));
    return kDone;
  }
  using Json = nlohmann::ordered_json;
  std::cout << view::to_json(status).dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  return kDone;
}

int show_over(const journal::RunDirectory& run, bool json) {
  if (json) {
    std::cout << view::run_json(view::status_of(run, journal::now_ns()));
  } else {
    std::cout << over_text(run) << "\n";
  }
  return kDone;
}

}  // namespace

void add_status(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* command =
      app.add_subcommand("status", "Shows how a run stands: its nodes, items and limits");
  add_run_argument(*command, options->choice);
  command->add_flag("--json", options->json, "As JSON");
  command->callback([options, &chosen] {
    chosen.command = [options] {
      return with_run(
          options->choice,
          {.alive =
               [&](const journal::RunDirectory& run) { return show_alive(run, options->json); },
           .over =
               [&](const journal::RunDirectory& run) { return show_over(run, options->json); }});
    };
  });
}

}  // namespace weir::cli
