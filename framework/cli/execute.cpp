#include "cli/execute.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <sys/resource.h>
#include <utility>

#include "cli/command.hpp"
#include "journal/file.hpp"
#include "runtime/run.hpp"
#include "view/graph/model.hpp"
#include "view/masking.hpp"
#include "view/summary.hpp"
#include "view/terminal/session.hpp"

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

/// The command that goes on with a run. Its settings and plugins are taken over.
std::string resuming(const std::string& file, const std::string& run,
                     const std::filesystem::path& user_folder) {
  const std::string command =
      "weir run " + shell_quoted({file}) + " --resume " + shell_quoted({run});
  const std::filesystem::path here = std::filesystem::current_path();
  if (user_folder.empty() || user_folder == here) return command;
  return "(cd " + shell_quoted({here.string()}) + " && " + command + ")";
}

}  // namespace

int execute(const compile::Plan& plan, const ExecuteOptions& options, Lookers& lookers,
            const RunRecord& record, runtime::RecordOptions records) {
  raise_descriptor_limit();
  view::Session::Options shown = cli::shown(options.shown);
  shown.pipeline = plan.name;
  if (record.directory() != nullptr) {
    shown.id = record.directory()->id();
    shown.run = record.directory()->shown_name();
  }
  const std::unique_ptr<view::Session> session = view::Session::make(shown);
  runtime::RunOptions run_options;
  run_options.threads = options.threads;
  run_options.batch = options.batch;
  run_options.own_process = true;
  if (records.directory != nullptr || !records.database.empty()) {
    records.graph = view::to_json(view::graph_of(plan)).dump();
  }
  run_options.records = std::move(records);
  run_options.on_live = [&](runtime::LiveRun& run) {
    // Destroyed from the last one on: the picture of the run goes first.
    return std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(
        lookers.begin(run), session->watch(run));
  };
  runtime::Observer& shown_to = lookers.show(record.directory(), session->observer());
  view::Masking masking(shown_to, record.secrets());
  runtime::Observer& observer = record.secrets().empty() ? shown_to : masking;
  const RunSummary summary = runtime::run(plan, run_options, observer);
  const std::string json = view::summary_json(summary);
  bool written = is_kept(record.write_summary(json));
  if (!options.summary_file.empty()) {
    written = is_kept(journal::replace_file(options.summary_file, json)) && written;
  }
  std::string hint;
  const bool is_all_done = summary.exit_code == 0 && !summary.left_out;
  if (!is_all_done && summary.resumable && record.directory() != nullptr) {
    hint =
        "weir: what is left can be done by: " + resuming(plan.file, shown.run, options.user_folder);
  }
  session->ended(summary, hint);
  const int exit_code = written ? summary.exit_code : kCannotWork;
  lookers.end(summary, exit_code);
  return exit_code;
}

}  // namespace weir::cli
