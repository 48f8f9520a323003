#include "view/summary.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "runtime/observer.hpp"
#include "view/table.hpp"
#include "view/terminal/columns.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

std::string outcome_line(const RunSummary& summary) {
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  for (const NodeSummary& node : summary.nodes) {
    failed += node.counts.failed;
    cancelled += node.counts.cancelled;
  }
  std::string to = fmt::format("{}: {} in {}", summary.pipeline,
                               runtime::to_string(summary.outcome), short_time(summary.seconds));
  if (failed != 0) to += fmt::format(", {} failed", failed);
  if (cancelled != 0) to += fmt::format(", {} cancelled", cancelled);
  to += "\n";
  for (const std::string& error : summary.errors) {
    to += fmt::format("weir: error: {}\n", one_line(error, 2000));
  }
  return to;
}

/// Items in a batch, on average.
double mean_batch(const Counts& counts) {
  return counts.batches == 0 ? 0
                             : static_cast<double>(counts.in) / static_cast<double>(counts.batches);
}

/// How wide the table of these is on a terminal.
std::size_t width_of(const std::vector<TableRow>& rows) {
  const std::string text = table(rows);
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    widest = std::max(widest, columns(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

}  // namespace

std::string summary_table(const RunSummary& summary, std::size_t width) {
  const auto any = [&](std::int64_t Counts::*count) {
    return std::any_of(summary.nodes.begin(), summary.nodes.end(),
                       [&](const NodeSummary& node) { return node.counts.*count != 0; });
  };
  const bool any_cancelled = any(&Counts::cancelled);
  const bool any_retried = any(&Counts::retried);
  std::vector<TableRow> rows = {{"node", "in", "done", "failed"}};
  if (any_cancelled) rows[0].emplace_back("cancelled");
  if (any_retried) rows[0].emplace_back("retried");
  const std::size_t least = rows[0].size();
  rows[0].insert(rows[0].end(), {"peak running", "peak waiting", "busy time", "batch"});
  for (const NodeSummary& node : summary.nodes) {
    const Counts& counts = node.counts;
    const bool works = node.kind == "function" || node.kind == "sink";
    const auto of_work = [&](std::int64_t value) { return works ? std::to_string(value) : "-"; };
    TableRow& row = rows.emplace_back(TableRow{
        node.name, std::to_string(counts.in), std::to_string(counts.done), of_work(counts.failed)});
    if (any_cancelled) {
      row.push_back(node.kind == "source" ? "-" : std::to_string(counts.cancelled));
    }
    if (any_retried) row.push_back(of_work(counts.retried));
    row.insert(row.end(), {of_work(counts.peak_running),
                           node.kind == "source" ? "-" : std::to_string(counts.peak_waiting),
                           works ? short_time(counts.busy_seconds) : "-",
                           counts.batches == 0 ? "-" : fmt::format("{:.0f}", mean_batch(counts))});
  }
  while (rows[0].size() > least && width_of(rows) > width) {
    for (TableRow& row : rows) row.pop_back();
  }
  return table(rows) + outcome_line(summary);
}

nlohmann::ordered_json to_json(const RunSummary& summary) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  json["weir"] = 1;
  json["pipeline"] = summary.pipeline;
  json["outcome"] = runtime::to_string(summary.outcome);
  json["exit_code"] = summary.exit_code;
  json["seconds"] = summary.seconds;
  if (!summary.errors.empty()) json["errors"] = summary.errors;
  if (summary.left_out) json["left_out"] = true;
  nlohmann::ordered_json& nodes = json["nodes"] = nlohmann::ordered_json::object();
  for (const NodeSummary& node : summary.nodes) {
    nlohmann::ordered_json& to = nodes[node.name] = nlohmann::ordered_json::object();
    to["kind"] = node.kind;
    to["type"] = node.type;
    to["limit"] = nullptr;
    if (node.limit > 0) to["limit"] = node.limit;
    to["in"] = node.counts.in;
    to["out"] = node.counts.out;
    to["done"] = node.counts.done;
    to["failed"] = node.counts.failed;
    to["cancelled"] = node.counts.cancelled;
    to["retried"] = node.counts.retried;
    to["peak_running"] = node.counts.peak_running;
    to["peak_waiting"] = node.counts.peak_waiting;
    to["busy_seconds"] = node.counts.busy_seconds;
    to["batches"] = node.counts.batches;
  }
  return json;
}

std::string summary_json(const RunSummary& summary) {
  using Json = nlohmann::ordered_json;
  return to_json(summary).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::view
