#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "cli/command.hpp"
#include "cli/execute.hpp"
#include "cli/load.hpp"
#include "cli/resume.hpp"
#include "cli/run_record.hpp"
#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/find_item.hpp"
#include "journal/text.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

struct RerunOptions {
  std::string run;
  std::vector<std::string> items;
  bool failed = false;
  ShownOptions shown;
  LookersOptions lookers;
};

using Choice = runtime::RecordOptions::Choice;

bool is_number(const std::string& text) {
  return text.find_first_not_of("0123456789") == text.npos;
}

/// Whether some of them are not items of this text, and at more than one node.
bool are_different(const journal::History& history,
                   const std::set<std::pair<std::string, journal::Key>>& chosen,
                   const std::string& text) {
  std::set<std::string> nodes;
  bool any_other = false;
  for (const auto& [node, key] : chosen) {
    const journal::Row* const row = history.find(node, key);
    if (row == nullptr || (row->item != text && std::to_string(row->seq) != text)) continue;
    nodes.insert(node);
    any_other = any_other || row->item != text;
  }
  return nodes.size() > 1 && any_other;
}

/// The items that are to be run, and which of them have come. From any thread.
class ChosenItems {
 public:
  using Set = std::set<std::pair<std::string, journal::Key>>;

  /// `expected`: those of them that are missed if they don't come.
  ChosenItems(const journal::History& history, Set chosen, Set expected)
      : history_(history), chosen_(std::move(chosen)), missing_(std::move(expected)) {}

  Choice choose(const std::string& node, const journal::Row* row) {
    if (row == nullptr || !chosen_.contains({node, row->key})) return Choice::leave;
    const std::lock_guard lock(mutex_);
    missing_.erase({node, row->key});
    return Choice::again;
  }

  std::vector<std::string> not_come() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> errors;
    for (const auto& [node, key] : missing_) {
      if (errors.size() == kMostNamed) {
        errors.push_back("and " + std::to_string(missing_.size() - kMostNamed) +
                         " more have not been run again: they did not come either");
        break;
      }
      errors.push_back(node + ": '" + view::one_line(history_.find(node, key)->item, 100) + "' (" +
                       key.text() +
                       ") has not been run again: it did not come; what it came of is gone, gave "
                       "out something else, failed, or is not done");
    }
    return errors;
  }

 private:
  static constexpr std::size_t kMostNamed = 5;

  const journal::History& history_;
  const Set chosen_;
  std::mutex mutex_;
  Set missing_;
};

std::string nowhere(const std::vector<std::string>& nodes, const std::string& item) {
  return fmt::format(
      "there is no item '{}' in this run, at any of its nodes ('{}'); name one by its number, its "
      "text or its id (weir logs shows them)",
      journal::shortened(item, 60), fmt::join(nodes, "', '"));
}

/// Throws journal::UnknownItem.
std::shared_ptr<ChosenItems> chosen_items(const journal::History& history,
                                          const std::vector<std::string>& items) {
  const std::vector<std::string> nodes = history.nodes();
  ChosenItems::Set chosen;
  for (const std::string& item : items) {
    std::string error;
    bool found = false;
    for (const std::string& node : nodes) {
      try {
        for (const journal::Row* row : journal::find_items(history, node, item)) {
          chosen.emplace(node, row->key);
          found = true;
        }
      } catch (const journal::MissingItem& missing) {
        if (error.empty()) error = nodes.size() > 1 ? nowhere(nodes, item) : missing.what();
      } catch (const journal::UnknownItem& unknown) {
        error = unknown.what();
      }
    }
    if (is_number(item) && are_different(history, chosen, item)) {
      throw journal::UnknownItem("'" + item +
                                 "' is the number of different items at several nodes: name it by "
                                 "its text or its id (weir logs shows them)");
    }
    if (!found) throw journal::UnknownItem(error.empty() ? "the run has no items" : error);
  }
  return std::make_shared<ChosenItems>(history, chosen, chosen);
}

bool comes_of_failed(const journal::History& history, const journal::Row& row) {
  for (const journal::Row* of = history.parent_of(row); of; of = history.parent_of(*of)) {
    if (of->state == journal::State::failed) return true;
  }
  return false;
}

/// All that have failed. One that comes of another one of them is not missed: that one is run, and
/// may give out something else, or fail again.
std::shared_ptr<ChosenItems> failed_items(const journal::History& history) {
  ChosenItems::Set chosen;
  ChosenItems::Set expected;
  for (const std::string& node : history.nodes()) {
    for (const journal::Row* row : history.rows(node)) {
      if (row->state != journal::State::failed || row->is_gone) continue;
      chosen.emplace(node, row->key);
      if (!comes_of_failed(history, *row)) expected.emplace(node, row->key);
    }
  }
  return std::make_shared<ChosenItems>(history, std::move(chosen), std::move(expected));
}

/// How the user can name the run, from that folder; what is here is where it was run.
std::string name_from(const std::filesystem::path& user_folder, const std::filesystem::path& run) {
  std::error_code ignored;
  const bool is_short =
      std::filesystem::equivalent(user_folder, std::filesystem::current_path(), ignored) &&
      std::filesystem::equivalent(run.parent_path(), journal::default_root(), ignored);
  return is_short ? run.filename().string() : run.string();
}

int rerun(const RerunOptions& options, const Tables& builtin) {
  journal::RunDirectory directory = journal::RunDirectory::open(options.run);
  const std::filesystem::path path = std::filesystem::absolute(directory.path());
  const journal::RunInfo info = directory.info();
  const std::string text = journal::read_file(directory.pipeline_file().string());
  LookersOptions lookers = options.lookers;  // their paths count from here
  if (!lookers.metrics_file.empty()) {
    lookers.metrics_file = std::filesystem::absolute(lookers.metrics_file).string();
  }
  if (lookers.ui_token.starts_with('@')) {
    lookers.ui_token = "@" + std::filesystem::absolute(lookers.ui_token.substr(1)).string();
  }
  ExecuteOptions execute_options;
  execute_options.user_folder = std::filesystem::current_path();
  // Relative paths, in the file and on the command line, count from where it was run. So does the
  // file's own, from which `${weir.dir}` is taken.
  std::filesystem::current_path(info.folder);
  directory = journal::RunDirectory::open(name_from(execute_options.user_folder, path));
  RunInput input{info.given, text};
  take_over(info, input);
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load_text(input.file, text, input.load, registry);
  if (!plan) return kBadInput;
  execute_options.threads = input.threads;
  execute_options.batch = input.batch;
  execute_options.shown = options.shown;
  std::optional<RunRecord> record;  // which outlives those who look
  const std::unique_ptr<Lookers> opened = open_lookers(lookers, *plan);
  if (!opened) return kBadInput;
  if (options.items.empty() && !options.failed) {
    record.emplace(RecordChoice{}, input, *plan);
    return execute(*plan, execute_options, *opened, *record, record->options());
  }
  record.emplace(std::move(directory), *plan);
  runtime::RecordOptions records = record->options();
  const journal::History& history = *record->history();
  const auto chosen = options.failed ? failed_items(history) : chosen_items(history, options.items);
  records.choose = [chosen](const std::string& node, const journal::Row* row) {
    return chosen->choose(node, row);
  };
  records.not_come = [chosen] { return chosen->not_come(); };
  return execute(*plan, execute_options, *opened, *record, std::move(records));
}

}  // namespace

void add_rerun(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<RerunOptions>();
  CLI::App* command = app.add_subcommand(
      "rerun", "Runs again what a run has run: some items and what comes of them, or all of it");
  command->add_option("RUN", options->run, "As for `weir logs`")->required();
  CLI::Option* items = command->add_option(
      "ITEM", options->items,
      "Items, each by its number, its text or its id. Without any, and without --failed: a new "
      "run of the same pipeline");
  command->add_flag("--failed", options->failed, "Those that have failed")->excludes(items);
  add_shown_options(*command, options->shown);
  add_lookers_options(*command, options->lookers);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return rerun(*options, builtin); };
  });
}

}  // namespace weir::cli
