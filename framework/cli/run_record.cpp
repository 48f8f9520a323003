#include "cli/run_record.hpp"

#include <algorithm>
#include <iostream>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/run_info.hpp"
#include "journal/time.hpp"
#include "view/graph/model.hpp"

namespace weir::cli {
namespace {

journal::RunInfo info_of(const RunInput& input, const compile::Plan& plan) {
  journal::RunInfo info;
  info.pipeline = plan.name;
  info.file = absolute_path(input.file);
  info.folder = std::filesystem::current_path();
  for (const std::string& setting : input.settings) {
    const std::size_t equals = setting.find('=');
    info.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  info.plugins = input.plugins;
  if (input.threads != 0) info.options["threads"] = input.threads;
  if (input.batch != 0) info.options["batch"] = input.batch;
  info.started_ns = journal::now_ns();
  info.weir = WEIR_VERSION;
  return info;
}

/// A run that died at its very beginning has no journal yet.
journal::History history_of(const journal::RunDirectory& directory) {
  std::error_code ignored;
  if (!std::filesystem::exists(directory.database(), ignored)) return {};
  return journal::History::load(directory.database());
}

/// The last run of a file.
journal::RunDirectory last_run_of(const std::string& file) {
  const std::filesystem::path path = absolute_path(file);
  journal::RunList list = journal::list_runs(journal::default_root());
  const auto last = std::find_if(list.runs.rbegin(), list.runs.rend(),
                                 [&](const auto& run) { return run.info().file == path; });
  if (last == list.runs.rend()) {
    throw journal::Error("there is no run of '" + file + "' in '" +
                         journal::default_root().string() +
                         "' to resume: run it without --resume, or name the run (weir runs)");
  }
  return std::move(*last);
}

}  // namespace

std::filesystem::path absolute_path(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::weakly_canonical(file, ignored);
  return path.empty() ? std::filesystem::path(file) : path;
}

RunRecord::RunRecord(const RecordChoice& choice, const RunInput& input, const compile::Plan& plan,
                     bool dry_run)
    : graph_(view::to_json(view::graph_of(plan)).dump()), secrets_(plan.secrets) {
  if (choice.resume) {
    open(choice, input, dry_run);
  } else if (!choice.none && !dry_run) {
    create(choice, input, plan);
  }
}

RunRecord::RunRecord(journal::RunDirectory directory, const compile::Plan& plan)
    : directory_(std::move(directory)),
      graph_(view::to_json(view::graph_of(plan)).dump()),
      secrets_(plan.secrets) {
  if (const std::string error = directory_->take_lock(); !error.empty()) {
    throw journal::Error(error);
  }
  history_ = history_of(*directory_);
}

void RunRecord::create(const RecordChoice& choice, const RunInput& input,
                       const compile::Plan& plan) {
  const journal::RunInfo info = info_of(input, plan);
  if (!choice.directory.empty()) {
    directory_ = journal::RunDirectory::create_exactly(choice.directory, info, input.text);
    return;
  }
  try {
    directory_ = journal::RunDirectory::create(journal::default_root(), info, input.text);
  } catch (const journal::Error& error) {
    std::cerr << "weir: warning: this run can't be resumed: " << error.what()
              << " (--run-dir names another place, --no-run-dir does without)\n";
  }
}

void RunRecord::open(const RecordChoice& choice, const RunInput& input, bool dry_run) {
  const std::string& which = choice.run.empty() ? choice.directory : choice.run;
  directory_ = which.empty() ? last_run_of(input.file) : journal::RunDirectory::open(which);
  if (!dry_run) {
    if (const std::string error = directory_->take_lock(); !error.empty()) {
      throw journal::Error(error);
    }
    const std::string error =
        journal::replace_file(directory_->pipeline_file().string(), input.text, 0600);
    if (!error.empty()) throw journal::Error(error);
  }
  history_ = history_of(*directory_);
}

runtime::RecordOptions RunRecord::options() const {
  runtime::RecordOptions options;
  options.directory = directory();
  options.secrets = &secrets_;
  options.past = history();
  options.graph = graph_;
  return options;
}

std::string RunRecord::write_summary(const std::string& json) const {
  return directory_ ? directory_->write_summary(json) : std::string();
}

}  // namespace weir::cli
