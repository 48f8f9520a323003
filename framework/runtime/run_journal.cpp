#include "runtime/run_journal.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "journal/error.hpp"
#include "journal/time.hpp"
#include "runtime/cpus.hpp"
#include "runtime/observer.hpp"

namespace weir::runtime {
namespace {

using Json = nlohmann::ordered_json;

/// Whether any function has items that are worth writing down.
bool waits_or_blocks(const compile::Plan& plan) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [](const compile::PlannedNode& node) {
    return node.type->kind == abi::Kind::function && node.work != abi::Work::computes;
  });
}

Json begin_of(const compile::Plan& plan, int threads) {
  Json run = {{"started_ns", journal::now_ns()}, {"threads", threads}, {"cpus", available_cpus()}};
  run["max_in_flight"] = Json::object();
  for (const compile::PlannedNode& node : plan.nodes) {
    if (node.type->kind == abi::Kind::source) run["max_in_flight"][node.name] = node.max_items;
  }
  return run;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

RunJournal::RunJournal(const compile::Plan& plan, const RecordOptions& options, int threads,
                       Control& control)
    : plan_(plan), options_(options), control_(control), batches_(plan) {
  if (options.only_say || (options.directory == nullptr && options.database.empty())) return;
  run_ = begin_of(plan, threads);
  try {
    journal_.emplace(
        options.directory != nullptr ? options.directory->database() : options.database,
        [&control](const std::string& error) { control.fail("", error); });
    journal_->begun({options.graph, text_of(run_)});
    forget_summary();
    control.set_batch_log(&batches_);
  } catch (const journal::Error& error) {
    control.fail("", error.what());
  }
}

/// Of what ran before in this directory. It stays true until this run has written anything: on a
/// full disk that is never.
void RunJournal::forget_summary() {
  if (options_.directory == nullptr) return;
  std::error_code ignored;
  if (!std::filesystem::exists(options_.directory->summary_file(), ignored)) return;
  if (!journal_->flush()) return;
  const std::string error = options_.directory->remove_summary();
  if (!error.empty()) control_.fail("", error);
}

bool RunJournal::is_resumable() const {
  return journal_ && options_.directory != nullptr && waits_or_blocks(plan_);
}

std::unique_ptr<Sampler> RunJournal::watch(const Graph& graph) {
  if (!journal_) return nullptr;
  try {
    return std::make_unique<Sampler>(*journal_, graph, batches_);
  } catch (const std::system_error& error) {
    control_.observer().note(
        "", std::string("warning: no samples are taken of this run: ") + error.what());
    return nullptr;
  }
}

void RunJournal::flush() {
  if (journal_) journal_->flush();
}

void RunJournal::note_end(const RunSummary& summary) {
  if (!journal_) return;
  run_["ended_ns"] = journal::now_ns();
  run_["outcome"] = to_string(summary.outcome);
  run_["exit_code"] = summary.exit_code;
  journal_->changed({text_of(run_)});
  flush();
}

}  // namespace weir::runtime
