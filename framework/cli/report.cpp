#include "view/record/report.hpp"

#include <cmath>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "journal/error.hpp"
#include "journal/file.hpp"
#include "view/record/account.hpp"
#include "view/record/replay.hpp"
#include "view/text.hpp"
#include "view/web/report_page.hpp"

namespace weir::cli {
namespace {

struct ReportOptions {
  RunChoice choice;
  std::string output;
  bool json = false;
  std::vector<std::string> what_if;
};

void say_bottleneck(const char* when, const view::Bottleneck& bottleneck) {
  if (bottleneck.nodes.empty()) return;
  std::cout << when << view::names_of(bottleneck.nodes) << ", " << bottleneck.text << "\n";
}

/// "recorded 5.8s", and how far a replay of it goes.
std::string recorded_text(const view::Recording& recording) {
  std::string text = view::short_time(static_cast<double>(recording.last) / 1e9);
  if (!view::is_cut_off(recording)) return text;
  const char* const how = recording.state == "running"   ? "the run goes on"
                          : recording.state == "stopped" ? "the run was stopped then"
                                                         : "the run was cut off then";
  text +=
      fmt::format("; {}: the rest is about the {} until the last attempt that it knows of ended",
                  how, view::short_time(view::seconds_to_replay(recording)));
  std::int64_t items = 0;
  for (const view::NeverBegun& one : view::where_time_went(recording).never_begun) {
    items += one.items;
  }
  if (items > 0) text += fmt::format("; {} items had not begun, and are not in it", items);
  return text;
}

/// The page is not made: these are questions, asked one after another.
int what_if(const ReportOptions& options, const view::Recording& recording) {
  view::Slots slots;
  std::string asked;
  try {
    for (const std::string& text : options.what_if) {
      view::read_slots(recording, text, slots);
      asked += (asked.empty() ? "" : ", ") + text;
    }
  } catch (const std::invalid_argument& error) {
    std::cerr << "weir: error: " << error.what() << "\n";
    return kBadInput;
  }
  if (recording.items.empty()) {
    std::cerr << "weir: error: the run has no items of functions that wait: nothing to replay\n";
    return kBadInput;
  }
  const view::Replayed same = view::replay(recording, {});
  const view::Replayed other = view::replay(recording, slots);
  if (!other.is_complete) {
    std::cerr << fmt::format("weir: error: with {} the run would never end\n", asked);
    return kBadInput;
  }
  const double recorded = view::seconds_to_replay(recording);
  const auto more_percent = [&](const view::Replayed& replayed) {
    const double percent = recorded > 0 ? 100 * (replayed.seconds / recorded - 1) : 0.0;
    return std::abs(percent) < 0.05 ? 0.0 : percent;  // not "-0.0"
  };
  std::cout << fmt::format("recorded            {}\n", recorded_text(recording))
            << fmt::format("replayed as it was  {} ({:+.1f} %: the error of the model)\n",
                           view::short_time(same.seconds), more_percent(same))
            << fmt::format("with {}: {} ({:+.1f} % of what was recorded)\n", asked,
                           view::short_time(other.seconds), more_percent(other));
  if (other.busy_share >= 0.8) {
    std::cout << fmt::format("the bottleneck then: the CPU, {:.0f} % busy\n",
                             100 * other.busy_share);
  } else {
    say_bottleneck("the bottleneck then: ", other.bottleneck);
  }
  return kDone;
}

int report(const ReportOptions& options) {
  const view::Recording recording = view::load_recording(options.choice.run, options.choice.root);
  if (!options.what_if.empty()) return what_if(options, recording);
  using Json = nlohmann::ordered_json;
  const Json data = view::report_json(recording);
  const std::string text = options.json
                               ? data.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"
                               : view::report_page(data);
  if (options.output.empty() || options.output == "-") {
    std::cout << text;
    return kDone;
  }
  const std::string error = journal::replace_file(options.output, text);
  if (!error.empty()) throw journal::Error(error);
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      app.add_subcommand("report", "Makes a page that shows how a run went, as one file");
  add_run_argument(*command, options->choice);
  command->add_option("-o,--output", options->output, "Where to; without it, standard output")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "What the page shows, as JSON");
  command
      ->add_option("--what-if", options->what_if,
                   "Makes no report: says how long the run would have taken with so many slots; "
                   "several may be given")
      ->type_name("LIMIT=SLOTS");
  command->callback(
      [options, &chosen] { chosen.command = [options] { return report(*options); }; });
}

}  // namespace weir::cli
