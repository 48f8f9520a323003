#include "view/record/trace.hpp"

#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "view/record/check_trace.hpp"
#include "view/record/trace_file.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kLongest = 300;

struct TraceOptions {
  RunChoice choice;
  std::string output = "-";
  bool check = false;
};

view::Recording load(const TraceOptions& options) {
  return view::load_recording(options.choice.run, options.choice.root);
}

/// A trace that there is, or the one that would be made.
std::string trace_text(const TraceOptions& options) {
  if (view::is_trace_name(options.choice.run)) return view::read_trace_file(options.choice.run);
  std::string text;
  view::write_trace(load(options), [&](std::string_view piece) { text += piece; });
  return text;
}

int check(const TraceOptions& options) {
  const view::TraceCheck check = view::check_trace(trace_text(options));
  for (const std::string& problem : check.problems) {
    std::cerr << "weir: error: " << view::one_line(problem, kLongest) << "\n";
  }
  if (!check.problems.empty()) return kCannotWork;
  std::cout << fmt::format("the trace is sound: {} events, {} items\n", check.events, check.items);
  return kDone;
}

int write(const TraceOptions& options) {
  const view::Recording recording = load(options);
  view::TraceFile file(options.output);
  view::write_trace(recording, [&](std::string_view piece) { file.write(piece); });
  file.close();
  return kDone;
}

}  // namespace

void add_trace(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* command = app.add_subcommand(
      "trace", "Shows what a run did when, for ui.perfetto.dev and chrome://tracing");
  add_run_argument(*command, options->choice);
  CLI::Option* output =
      command
          ->add_option("-o,--output", options->output,
                       "Where to: a name that ends in .json, or in .json.gz, or - for standard "
                       "output")
          ->type_name("FILE")
          ->capture_default_str();
  command
      ->add_flag("--check", options->check,
                 "Writes nothing: says whether the trace makes sense; RUN may also be a trace")
      ->excludes(output);
  command->callback([options, &chosen] {
    chosen.command = [options] { return options->check ? check(*options) : write(*options); };
  });
}

}  // namespace weir::cli
