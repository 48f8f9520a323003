#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "spec/names.hpp"
#include "view/requests.hpp"
#include "view/status.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

struct LimitOptions {
  RunChoice choice;
  std::vector<std::string> changes;  ///< NAME=N; one may stand in place of the run
};

/// Whether it is meant as NAME=N, and not as a run: ids have no "=".
bool is_change(const std::string& argument) {
  return spec::is_name(argument.substr(0, argument.find('='))) &&
         argument.find('=') != std::string::npos;
}

/// Throws CLI::ValidationError.
view::LimitChange parse_change(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  view::LimitChange change{argument.substr(0, equals)};
  const std::string number = argument.substr(equals + 1);
  const char* end = number.data() + number.size();
  const auto [at, error] = std::from_chars(number.data(), end, change.slots);
  if (error != std::errc() || at != end || change.slots < 0) {
    throw CLI::ValidationError(
        fmt::format("{}: the slots of a limit are a whole number from 0; 0 pauses it",
                    spec::quote(view::one_line(argument, argument.size()))));
  }
  return change;
}

/// Throws CLI::ValidationError.
std::vector<view::LimitChange> parse_changes(LimitOptions& options) {
  if (is_change(options.choice.run)) {
    options.changes.insert(options.changes.begin(), options.choice.run);
    options.choice.run = RunChoice().run;
  }
  std::vector<view::LimitChange> changes;
  for (const std::string& argument : options.changes) {
    if (!is_change(argument)) {
      throw CLI::ValidationError(
          fmt::format("{} is no NAME=N", spec::quote(view::one_line(argument, argument.size()))));
    }
    view::LimitChange change = parse_change(argument);
    const auto is_same = [&](const view::LimitChange& other) {
      return other.limit == change.limit;
    };
    if (std::any_of(changes.begin(), changes.end(), is_same)) {
      throw CLI::ValidationError(fmt::format("limit '{}' is set twice", change.limit));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

int list(const journal::RunDirectory& run) {
  const std::string limits =
      view::limits_table(view::read_status_reply(ask(run, view::status_request())));
  if (limits.empty()) std::cerr << "run " << run.id() << " has no limits\n";
  std::cout << view::harmless(limits);
  return kDone;
}

int change(const journal::RunDirectory& run, const std::vector<view::LimitChange>& changes) {
  try {
    for (const view::LimitChange& limit :
         view::read_limit_reply(ask(run, view::limit_request(changes)))) {
      std::cout << fmt::format(
          "{}: {} slot{}, before {}{}\n", view::one_line(limit.limit, 60), limit.slots,
          limit.slots == 1 ? "" : "s", limit.before,
          limit.slots == 0 ? "; nothing more starts there until it has some" : "");
    }
    return kDone;
  } catch (const view::RequestError& error) {
    std::cerr << "weir: error: " << view::one_line(error.what(), 2000) << "\n";
    return kBadInput;
  }
}

int say_over(const journal::RunDirectory& run) {
  std::cerr << "weir: error: run " << over_text(run) << "; its limits can't be seen or changed\n";
  return kIsOver;
}

}  // namespace

void add_limit(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<LimitOptions>();
  CLI::App* command =
      app.add_subcommand("limit", "Changes limits of a run that goes on, or shows them");
  add_run_argument(*command, options->choice);
  command->add_option("CHANGES", options->changes,
                      "NAME=N: how many slots a limit has from now on, or a function that has a "
                      "limit of its own; 0 pauses it. Without any, the limits are shown");
  command->callback([options, &chosen] {
    chosen.command = [options, changes = parse_changes(*options)] {
      return with_run(options->choice, {.alive =
                                            [&](const journal::RunDirectory& run) {
                                              return changes.empty() ? list(run)
                                                                     : change(run, changes);
                                            },
                                        .over = say_over});
    };
  });
}

}  // namespace weir::cli
