#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "cli/execute.hpp"
#include "cli/load.hpp"
#include "cli/resume.hpp"
#include "cli/run_record.hpp"
#include "cli/run_trace.hpp"

namespace weir::cli {
namespace {

struct RunOptions {
  std::string file;
  LoadOptions load;
  int threads = 0;
  std::uint32_t batch = 0;
  std::string summary_file;
  std::string trace_file;
  RecordChoice record;
  bool dry_run = false;
  ShownOptions shown;
  LookersOptions lookers;
};

/// Throws journal::Error.
int run_file(const RunOptions& options, const Tables& builtin) {
  RunInput input{options.file, "", options.load, options.threads, options.batch};
  std::optional<journal::RunDirectory> resumed;
  if (options.record.resume) {
    resumed = run_to_resume(options.record, options.file);
    take_over(resumed->info(), input);
  }
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load(input.file, input.load, registry, &input.text);
  if (!plan) return kBadInput;
  if (resumed) expect_run_of(*resumed, input.file, *plan);
  if (options.dry_run && !resumed) {
    std::cout << compile::print(*plan);
    return kDone;
  }
  std::optional<RunRecord> record;
  // Before there is a run's directory: what can't be had leaves nothing behind.
  if (!options.trace_file.empty() && !options.dry_run) {
    check_trace_file(options.trace_file, !options.record.none);
  }
  std::unique_ptr<Lookers> lookers;
  if (!options.dry_run && !(lookers = open_lookers(options.lookers, *plan))) return kBadInput;
  if (resumed) {
    record.emplace(std::move(*resumed), input, *plan, options.dry_run);
  } else {
    record.emplace(options.record, input, *plan);
  }
  if (options.dry_run) return show_decisions(*plan, *record, record->options());
  std::optional<RunTrace> trace;
  if (!options.trace_file.empty()) trace.emplace(options.trace_file, *record);
  runtime::RecordOptions records = record->options();
  if (trace) records.database = trace->database();
  const int status =
      execute(*plan, {input.threads, input.batch, options.summary_file, options.shown}, *lookers,
              *record, std::move(records));
  const std::string error = trace ? trace->write() : std::string();
  if (error.empty()) return status;
  std::cerr << "weir: error: the trace is lost: " << error << "\n";
  return kCannotWork;
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Runs a pipeline");
  command->add_option("FILE", options->file, "The pipeline")->required();
  add_load_options(*command, options->load);
  command
      ->add_option("--threads", options->threads,
                   "Worker threads; without it, as many as there are CPUs for this process")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--batch", options->batch,
                   "Items in each batch of a source; without it the size is found, and follows "
                   "what items cost")
      ->check(CLI::Range(1, 65536));
  command
      ->add_option("--summary-file", options->summary_file,
                   "Writes the summary as JSON, however the run ends")
      ->type_name("PATH");
  command
      ->add_option("--trace", options->trace_file,
                   "Writes down what happened when, also without a run directory: as a trace if "
                   "the name ends in .json or .json.gz, or else for `weir trace` and `weir report`")
      ->type_name("FILE");
  add_lookers_options(*command, options->lookers);
  CLI::Option* directory =
      command
          ->add_option("--run-dir", options->record.directory,
                       "Writes the run down in this folder, in place of one below .weir/runs")
          ->type_name("DIR");
  CLI::Option* none = command->add_flag("--no-run-dir", options->record.none,
                                        "Writes nothing down: the run can't be resumed");
  CLI::Option* resume =
      command
          ->add_option_function<std::string>(
              "--resume",
              [options](const std::string& run) {
                options->record.resume = true;
                options->record.run = run == "-" ? "" : run;
              },
              "Goes on with a run that was stopped or died: what is done is not done again. RUN "
              "as for `weir logs`; without it, the last run of the file")
          ->type_name("[RUN]")
          ->expected(0, 1)
          ->default_str("-");
  none->excludes(directory)->excludes(resume);
  command->add_flag("-n,--dry-run", options->dry_run,
                    "Checks and shows the graph; runs nothing. With --resume: says of each item "
                    "whether it would be run, and why");
  add_shown_options(*command, options->shown);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return run_file(*options, builtin); };
  });
}

}  // namespace weir::cli
