#include "cli/execute.hpp"

#include <algorithm>
#include <iostream>
#include <sys/resource.h>

#include "cli/command.hpp"
#include "journal/file.hpp"
#include "runtime/run.hpp"
#include "view/progress.hpp"
#include "view/summary.hpp"

namespace weir::cli {
namespace {

/// Each command under way takes a few descriptors; the usual soft limit of 1024 is there for
/// programs that use select().
void raise_descriptor_limit() {
  constexpr rlim_t kEnough = 65536;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kEnough) return;
  limit.rlim_cur = std::min(limit.rlim_max, kEnough);
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool is_kept(const std::string& error) {
  if (!error.empty()) std::cerr << "weir: error: the summary is lost: " << error << "\n";
  return error.empty();
}

}  // namespace

int execute(const compile::Plan& plan, const ExecuteOptions& options, Lookers& lookers,
            const RunRecord& record, runtime::RecordOptions records) {
  raise_descriptor_limit();
  view::PlainProgress::Options shown;
  shown.quiet = options.quiet;
  if (record.directory() != nullptr) shown.run = record.directory()->shown_name();
  view::PlainProgress progress(shown);
  runtime::RunOptions run_options;
  run_options.threads = options.threads;
  run_options.batch = options.batch;
  run_options.own_process = true;
  run_options.records = std::move(records);
  run_options.on_live = [&](runtime::LiveRun& run) { return lookers.begin(run); };
  runtime::Observer& observer = lookers.show(record.directory(), progress);
  const RunSummary summary = runtime::run(plan, run_options, observer);
  const std::string json = view::summary_json(summary);
  bool written = is_kept(record.write_summary(json));
  if (!options.summary_file.empty()) {
    written = is_kept(journal::replace_file(options.summary_file, json)) && written;
  }
  if (!options.quiet || summary.exit_code != 0) std::cerr << view::summary_table(summary);
  if (summary.exit_code != 0 && summary.resumable && record.directory() != nullptr) {
    std::cerr << "weir: what is left can be done by: weir run " << shell_quoted({plan.file})
              << " --resume " << shown.run << "\n";
  }
  const int exit_code = written ? summary.exit_code : kCannotWork;
  lookers.end(summary, exit_code);
  return exit_code;
}

}  // namespace weir::cli
