#include "view/runs.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/recorded.hpp"
#include "journal/time.hpp"
#include "view/table.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestName = 40;

double seconds_between(std::int64_t from_ns, std::int64_t to_ns) {
  return to_ns < from_ns ? 0 : static_cast<double>(to_ns - from_ns) / 1e9;
}

/// How long the last run in the directory has taken: those before it, and the time between them,
/// are not its own.
double seconds_of(const journal::RunDirectory& run, std::int64_t last_ns) {
  std::int64_t started_ns = run.info().started_ns;
  try {
    const Json last = Json::parse(journal::read_run(run.database()), nullptr, false);
    if (last.is_object()) {
      started_ns = last.value("started_ns", started_ns);
      // It is about to leave; or another one has begun, and not written that down yet.
      last_ns = last.value("ended_ns", last_ns);
    }
  } catch (const Json::exception&) {
    // As an older weir: it knew no other start.
  } catch (const journal::Error&) {
    // Said already, where items are counted.
  }
  return seconds_between(started_ns, last_ns);
}

/// Takes how the run ended from its summary, if there is one: also if nothing else can be read, as
/// on a full disk, where SQLite can't make the files that it needs for reading.
void take_summary(const std::filesystem::path& file, RunStatus& status) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return;
  try {
    const Json summary = Json::parse(journal::read_file(file));
    status.state = summary.at("outcome").get<std::string>();
    if (status.state == "done" && summary.value("left_out", false)) status.state = "partly done";
    status.exit_code = summary.at("exit_code").get<int>();
    status.seconds = summary.at("seconds").get<double>();
  } catch (const Json::exception& error) {
    status.problem = fmt::format("'{}' is damaged: {}", file.string(), error.what());
  } catch (const journal::Error& error) {
    status.problem = error.what();
  }
}

/// "2026-11-25 01:52:40"
std::string shown_time(std::int64_t ns) {
  std::string text = journal::iso_time(ns).substr(0, 19);
  text[10] = ' ';
  return text;
}

Json json_of(const RunStatus& run) {
  Json json = Json::object();
  json["id"] = run.id;
  json["directory"] = run.directory;
  json["pipeline"] = run.pipeline;
  json["state"] = run.state;
  json["started"] = journal::iso_time(run.started_ns);
  json["seconds"] = run.seconds;
  json["exit_code"] = nullptr;
  if (run.exit_code) json["exit_code"] = *run.exit_code;
  json["items"] = run.counts.items();
  json["running"] = run.counts.running;
  json["backing_off"] = run.counts.backing_off;
  json["done"] = run.counts.done;
  json["failed"] = run.counts.failed;
  json["cancelled"] = run.counts.cancelled;
  return json;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

RunStatus status_of(const journal::RunDirectory& run, std::int64_t now_ns) {
  RunStatus status;
  status.id = run.id();
  status.directory = run.path().string();
  status.pipeline = run.info().pipeline;
  status.started_ns = run.info().started_ns;
  const bool alive = run.is_alive();
  status.state = alive ? "running" : "crashed";
  try {
    status.counts = journal::count_states(run.database());
  } catch (const journal::Error& error) {
    status.problem = error.what();
  }
  status.seconds = seconds_of(run, alive ? now_ns : status.counts.last_ns);
  if (!alive) take_summary(run.summary_file(), status);
  return status;
}

std::string runs_table(const std::vector<RunStatus>& runs) {
  std::vector<TableRow> rows = {
      {"run", "pipeline", "state", "started (UTC)", "took", "done", "failed", "items"}};
  for (const RunStatus& run : runs) {
    rows.push_back({run.id, one_line(run.pipeline, kLongestName), one_line(run.state, kLongestName),
                    shown_time(run.started_ns), short_time(run.seconds),
                    std::to_string(run.counts.done), std::to_string(run.counts.failed),
                    std::to_string(run.counts.items())});
  }
  return table(rows, 4);
}

std::string runs_json(const std::vector<RunStatus>& runs) {
  Json json = Json::array();
  for (const RunStatus& run : runs) json.push_back(json_of(run));
  return text_of(json);
}

std::string run_json(const RunStatus& run) { return text_of(json_of(run)); }

}  // namespace weir::view
