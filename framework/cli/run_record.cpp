#include "cli/run_record.hpp"

#include <iostream>

#include "journal/catch_up.hpp"
#include "journal/error.hpp"
#include "journal/run_info.hpp"
#include "journal/time.hpp"

namespace weir::cli {
namespace {

journal::RunInfo info_of(const RunInput& input, const compile::Plan& plan) {
  journal::RunInfo info;
  info.pipeline = plan.name;
  info.file = absolute_path(input.file);
  info.given = input.load.known_as.empty() ? input.file : input.load.known_as;
  info.folder = std::filesystem::current_path();
  info.settings = input.load.kept_settings;
  for (const std::string& setting : input.load.settings) {
    const std::size_t equals = setting.find('=');
    info.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  info.plugins = input.load.plugins;
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

}  // namespace

std::filesystem::path absolute_path(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::weakly_canonical(file, ignored);
  return path.empty() ? std::filesystem::path(file) : path;
}

RunRecord::RunRecord(const RecordChoice& choice, const RunInput& input, const compile::Plan& plan)
    : secrets_(plan.secrets) {
  if (!choice.none) create(choice, input, plan);
}

RunRecord::RunRecord(journal::RunDirectory directory, const RunInput& input,
                     const compile::Plan& plan, bool dry_run)
    : directory_(std::move(directory)), secrets_(plan.secrets) {
  if (!dry_run) take_lock();
  history_ = history_of(*directory_);
  if (dry_run) return;
  const std::string error = directory_->rewrite(info_of(input, plan), input.text);
  if (!error.empty()) throw journal::Error(error);
}

RunRecord::RunRecord(journal::RunDirectory directory, const compile::Plan& plan)
    : directory_(std::move(directory)), secrets_(plan.secrets) {
  take_lock();
  history_ = history_of(*directory_);
}

void RunRecord::take_lock() {
  if (const std::string error = directory_->take_lock(); !error.empty()) {
    throw journal::Error(error);
  }
  journal::catch_up(directory_->database());
  journal::go_on_after(journal::count_states(directory_->database()).last_ns);
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

runtime::RecordOptions RunRecord::options() const {
  runtime::RecordOptions options;
  options.directory = directory();
  options.secrets = &secrets_;
  options.past = history();
  return options;
}

std::string RunRecord::write_summary(const std::string& json) const {
  return directory_ ? directory_->write_summary(json) : std::string();
}

}  // namespace weir::cli
