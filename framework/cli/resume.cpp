#include "cli/resume.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <utility>

#include "journal/error.hpp"
#include "journal/history.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

/// Whether there is nothing in it to go on with: it was over before any item began.
bool is_empty(const journal::RunDirectory& run) {
  try {
    return !run.is_alive() && !journal::count_states(run.database()).any_began;
  } catch (const journal::Error&) {
    return false;  // that is told when it is opened
  }
}

/// The one that began last, whatever the clock said then.
std::optional<journal::RunDirectory> latest() {
  try {
    return journal::RunDirectory::open("latest");
  } catch (const journal::Error&) {
    return std::nullopt;
  }
}

/// The last run of a file that has anything to go on with, or else the last one.
journal::RunDirectory last_run_of(const std::string& file) {
  const std::filesystem::path path = absolute_path(file);
  const auto is_of_file = [&](const auto& run) { return run.info().file == path; };
  std::optional<journal::RunDirectory> begun_last = latest();
  if (begun_last && is_of_file(*begun_last) && !is_empty(*begun_last))
    return std::move(*begun_last);
  journal::RunList list = journal::list_runs(journal::default_root());
  auto last = std::find_if(list.runs.rbegin(), list.runs.rend(),
                           [&](const auto& run) { return is_of_file(run) && !is_empty(run); });
  if (last == list.runs.rend()) {
    last = std::find_if(list.runs.rbegin(), list.runs.rend(), is_of_file);
  }
  if (last == list.runs.rend()) {
    throw journal::UnknownRun("there is no run of '" + file + "' in '" +
                              journal::default_root().string() +
                              "' to resume: run it without --resume, or name the run (weir runs)");
  }
  return std::move(*last);
}

void take_over_settings(const journal::RunInfo& info, LoadOptions& load) {
  for (const auto& [name, value] : info.settings) {
    const bool is_given =
        std::any_of(load.settings.begin(), load.settings.end(),
                    [&](const std::string& given) { return given.starts_with(name + "="); });
    if (!is_given) load.kept_settings.emplace_back(name, value);
  }
}

void take_over_plugins(const journal::RunInfo& info, LoadOptions& load) {
  std::error_code ignored;
  const bool is_here = fs::equivalent(info.folder, fs::current_path(), ignored);
  std::vector<std::string> plugins;
  for (const std::string& plugin : info.plugins) {
    const bool is_given =
        std::any_of(load.plugins.begin(), load.plugins.end(), [&](const std::string& given) {
          return fs::path(given).filename() == fs::path(plugin).filename();
        });
    if (!is_given) plugins.push_back(is_here ? plugin : (info.folder / plugin).string());
  }
  plugins.insert(plugins.end(), load.plugins.begin(), load.plugins.end());
  load.plugins = std::move(plugins);
}

/// 0: it has none, or one that is no number.
template <class Number>
Number option_of(const journal::RunInfo& info, const char* name) {
  const auto found = info.options.find(name);
  const bool is_number = found != info.options.end() && found->is_number_integer();
  return is_number ? found->get<Number>() : Number{};
}

}  // namespace

journal::RunDirectory run_to_resume(const RecordChoice& choice, const std::string& file) {
  const std::string& which = choice.run.empty() ? choice.directory : choice.run;
  return which.empty() ? last_run_of(file) : journal::RunDirectory::open(which);
}

void expect_run_of(const journal::RunDirectory& run, const std::string& file,
                   const compile::Plan& plan) {
  const journal::RunInfo& info = run.info();
  if (info.file == absolute_path(file) || info.pipeline == plan.name) return;
  throw journal::UnknownRun(fmt::format(
      "the run {} is one of the pipeline '{}' ('{}'), and not of '{}': name another one (weir "
      "runs), or run '{}' without --resume",
      run.id(), info.pipeline, info.file.string(), plan.name, file));
}

void take_over(const journal::RunInfo& info, RunInput& input) {
  take_over_settings(info, input.load);
  take_over_plugins(info, input.load);
  if (input.threads == 0) input.threads = option_of<int>(info, "threads");
  if (input.batch == 0) input.batch = option_of<std::uint32_t>(info, "batch");
  std::error_code ignored;
  if (fs::equivalent(info.given, input.file, ignored)) input.load.known_as = info.given;
}

}  // namespace weir::cli
