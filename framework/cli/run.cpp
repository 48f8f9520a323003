#include "runtime/run.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <sys/resource.h>

#include "cli/load.hpp"
#include "journal/file.hpp"
#include "view/progress.hpp"
#include "view/summary.hpp"

namespace weir::cli {
namespace {

struct Options {
  std::string file;
  LoadOptions load;
  int threads = 0;
  std::uint32_t batch = 0;
  std::string summary_file;
  bool dry_run = false;
  bool quiet = false;
};

/// Each command under way takes a few descriptors; the usual soft limit of 1024 is there for
/// programs that use select().
void raise_descriptor_limit() {
  constexpr rlim_t kEnough = 65536;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kEnough) return;
  limit.rlim_cur = std::min(limit.rlim_max, kEnough);
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool write_summary(const std::string& path, const std::string& json) {
  const std::string error = journal::replace_file(path, json);
  if (!error.empty()) std::cerr << "weir: error: the summary is lost: " << error << "\n";
  return error.empty();
}

int run_file(const Options& options, const Tables& builtin) {
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load(options.file, options.load, registry);
  if (!plan) return kBadInput;
  if (options.dry_run) {
    std::cout << compile::print(*plan);
    return kDone;
  }
  raise_descriptor_limit();
  view::PlainProgress progress({options.quiet});
  runtime::RunOptions run_options;
  run_options.threads = options.threads;
  run_options.batch = options.batch;
  run_options.own_process = true;
  const RunSummary summary = runtime::run(*plan, run_options, progress);
  const bool written = options.summary_file.empty() ||
                       write_summary(options.summary_file, view::summary_json(summary));
  if (!options.quiet || summary.exit_code != 0) std::cerr << view::summary_table(summary);
  return written ? summary.exit_code : kCannotWork;
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<Options>();
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
  command->add_flag("-n,--dry-run", options->dry_run, "Checks and shows the graph; runs nothing");
  command->add_flag("-q,--quiet", options->quiet,
                    "No line for each finished item, and no summary of a run that went well");
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return run_file(*options, builtin); };
  });
}

}  // namespace weir::cli
