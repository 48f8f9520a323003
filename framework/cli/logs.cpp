#include "view/logs.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <poll.h>
#include <set>
#include <unistd.h>

#include "cli/command.hpp"
#include "journal/error.hpp"
#include "journal/find_item.hpp"
#include "journal/history.hpp"
#include "spec/pipeline.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPause{200};
/// Looking takes at most one part in so many of the time.
constexpr int kIdleParts = 4;
constexpr std::size_t kLongestItem = 80;
constexpr int kInterrupted = 128 + SIGINT;

struct LogsOptions {
  std::string run;
  std::string node;
  std::string item;
  std::string root = journal::default_root().string();
  bool follow = false;
};

/// In the order of the file; then those that only the journal knows.
std::vector<std::string> node_names(const journal::RunDirectory& run,
                                    const journal::History& history) {
  spec::Diagnostics unused;
  const spec::SourceText source = spec::read_source(run.pipeline_file(), unused);
  const spec::Pipeline pipeline =
      spec::read_pipeline(source, {run.info().settings, spec::process_environment()}, unused);
  std::vector<std::string> names;
  for (const spec::NodeDeclaration& node : pipeline.nodes) names.push_back(node.name);
  for (const std::string& name : history.nodes()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

journal::History load_history(const journal::RunDirectory& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run.database(), ignored)) return {};
  return journal::History::load(run.database());
}

/// Whether nobody reads what goes there any more. Waits for that as long as this.
bool reader_left(int descriptor, milliseconds most) {
  pollfd polled{descriptor, 0, 0};
  return ::poll(&polled, 1, static_cast<int>(most.count())) > 0;
}

class Logs {
 public:
  explicit Logs(const LogsOptions& options)
      : options_(options), run_(journal::RunDirectory::open(options.run, options.root)) {
    load();
    nodes_ = node_names(run_, history_);
    if (options_.node.empty()) return;
    if (std::find(nodes_.begin(), nodes_.end(), options_.node) == nodes_.end()) {
      throw journal::UnknownItem(fmt::format("there is no node '{}' in this run{}", options_.node,
                                             spec::did_you_mean(options_.node, nodes_)));
    }
    nodes_ = {options_.node};
    if (!options_.item.empty() && !options_.follow) choose();
  }

  int show() {
    if (!options_.item.empty() && options_.follow && !wait_for_item()) return kDone;
    for (;;) {
      const bool is_complete = !options_.follow || !run_.is_alive();
      const Clock::time_point began = Clock::now();
      if (const int status = show_new(is_complete); status != kDone || reader_left_) return status;
      if (is_complete) break;
      const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
      if (reader_left(STDOUT_FILENO, std::max(kPause, kIdleParts * took))) return kDone;
    }
    if (!out_.has_shown() && !err_.has_shown()) std::cerr << "nothing was written\n";
    return kDone;
  }

 private:
  /// Throws journal::UnknownItem.
  void choose() {
    for (const journal::Row* row : journal::find_items(history_, options_.node, options_.item)) {
      chosen_.insert(row->seq);
    }
  }

  /// Until it has begun. False: nobody reads what would be shown. Throws journal::UnknownItem if
  /// the run ends before that.
  bool wait_for_item() {
    for (bool is_said = false;; is_said = true) {
      const bool is_alive = run_.is_alive();  // first: what it writes until its end counts
      if (is_said) load();
      try {
        choose();
        return true;
      } catch (const journal::MissingItem& missing) {
        if (!is_alive) {
          if (!is_said) throw;
          throw journal::MissingItem(fmt::format("{}; the run is over", missing.what()));
        }
      }
      if (!is_said) {
        std::cerr << fmt::format("'{}' has not begun at '{}': waiting for it\n",
                                 view::one_line(options_.item, kLongestItem), options_.node);
      }
      if (reader_left(STDOUT_FILENO, kPause)) return false;
    }
  }

  void load() {
    history_ = load_history(run_);
    titles_.clear();
    gone_.clear();
    for (const std::string& node : history_.nodes()) {
      auto& titles = titles_[node];
      for (const journal::Row* row : history_.rows(node)) {
        if (row->is_gone) gone_[node].insert(row->seq);
        titles[row->seq] = view::one_line(row->item, kLongestItem) +
                           (row->state == journal::State::failed ? " (failed)" : "");
      }
    }
  }

  int show_new(bool is_complete) {
    bool is_loaded = false;
    for (const view::LogFile& log : view::find_logs(run_, nodes_)) {
      const bool is_wanted =
          chosen_.empty() ? !gone_[log.node].contains(log.seq) : chosen_.contains(log.seq);
      if (!is_wanted) continue;
      if (!is_loaded && !titles_[log.node].contains(log.seq)) {
        load();
        is_loaded = true;
      }
      // One item's streams are told apart by where they go, those of many by titles.
      const bool is_single = chosen_.size() == 1;
      const bool is_error = is_single && log.stream == journal::Stream::err;
      const std::string error =
          (is_error ? err_ : out_).print(log.path, is_single ? "" : title(log), is_complete);
      if (error.empty()) continue;
      reader_left_ = reader_left(is_error ? STDERR_FILENO : STDOUT_FILENO, milliseconds(0));
      if (reader_left_) return kDone;
      std::cerr << "weir: error: " << error << "\n";
      return kCannotWork;
    }
    return kDone;
  }

  std::string title(const view::LogFile& log) {
    const std::string& item = titles_[log.node][log.seq];
    return fmt::format("{}/{}{}{}", log.node, log.path.filename().string(),
                       item.empty() ? "" : ": ", item);
  }

  const LogsOptions& options_;
  const journal::RunDirectory run_;
  journal::History history_;
  std::vector<std::string> nodes_;
  std::set<std::int64_t> chosen_;  ///< numbers of items; empty: all
  std::map<std::string, std::map<std::int64_t, std::string>> titles_;
  std::map<std::string, std::set<std::int64_t>> gone_;
  view::LogPrinter out_{STDOUT_FILENO};
  view::LogPrinter err_{STDERR_FILENO};
  bool reader_left_ = false;
};

int show_logs(const LogsOptions& options) {
  // Nothing is changed, and nothing is buffered: there is nothing to do but leave.
  std::signal(SIGINT, [](int) { _exit(kInterrupted); });
  return Logs(options).show();
}

}  // namespace

void add_logs(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<LogsOptions>();
  CLI::App* command = app.add_subcommand("logs", "Shows what the commands of a run wrote");
  command
      ->add_option("RUN", options->run,
                   "The run: 'latest', its id or the beginning of it, or its directory")
      ->required();
  command->add_option("NODE", options->node, "Of this node only");
  command->add_option(
      "ITEM", options->item,
      "Of this item only: its number at the node, its text, or the beginning of its "
      "key");
  command->add_option("--root", options->root, "The folder that the runs are in")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("-f,--follow", options->follow,
                    "Goes on as long as the run does, with what is written meanwhile");
  command->callback(
      [options, &chosen] { chosen.command = [options] { return show_logs(*options); }; });
}

}  // namespace weir::cli
