#include "view/record/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <weir/process.hpp>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/run_directory.hpp"
#include "journal/time.hpp"
#include "view/graph/layout_of_graph.hpp"
#include "view/record/account.hpp"
#include "view/record/bottleneck.hpp"
#include "view/record/peaks.hpp"
#include "view/record/timeline.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFailures = 200;
constexpr std::size_t kMostSlowest = 30;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestTail = 4'000;
constexpr std::size_t kReadOfLog = 2 * kLongestTail;  // it may end in empty lines
constexpr int kTailLines = 20;

/// A report says no more than a microsecond.
double seconds(Recording::Time time) { return std::round(static_cast<double>(time) / 1e3) / 1e6; }

Json run_json(const Recording& recording) {
  Json run = {{"id", recording.id},
              {"pipeline", recording.graph.name},
              {"state", recording.state},
              {"started", journal::iso_time(recording.started_ns)},
              {"seconds", seconds(recording.last)},
              {"threads", recording.threads}};
  if (recording.exit_code) run["exit_code"] = *recording.exit_code;
  return run;
}

std::optional<journal::RunDirectory> directory_of(const Recording& recording) {
  if (recording.directory.empty()) return std::nullopt;
  try {
    return journal::RunDirectory::open(recording.directory.string());
  } catch (const journal::Error&) {
    return std::nullopt;
  }
}

/// As the last sample has it, and the rows of items. Those that never began have none: of a run
/// that has come to its end they are what the sample leaves.
void add_recorded(const Recording& recording, std::size_t number, std::int64_t cancelled,
                  Json& node) {
  Recording::Sample::Node last;
  if (!recording.samples.empty()) last = recording.samples.back().nodes[number];
  node["in"] = last.in;
  node["done"] = last.done;
  node["failed"] = last.failed;
  const bool is_over = recording.exit_code.has_value();
  node["cancelled"] = is_over ? std::max(cancelled, last.in - last.done - last.failed) : cancelled;
  node["running"] = last.running;
  node["waiting"] = last.waiting;
  node["queued"] = last.queued;
  node["backing_off"] = last.backing_off;
}

/// The run is over: nothing is in work, and nothing waits.
void add_counted(const EndCounts& counts, Json& node) {
  node["in"] = counts.in;
  node["done"] = counts.done;
  node["failed"] = counts.failed;
  node["cancelled"] = counts.cancelled;
  for (const char* const none : {"running", "waiting", "queued", "backing_off"}) node[none] = 0;
}

/// `nodes` of the graph, with what became of them.
Json nodes_json(const Recording& recording, Json nodes) {
  const std::vector<std::optional<Peaks>> peaks = peaks_of(recording);
  std::vector<std::int64_t> cancelled(recording.graph.nodes.size());
  for (const Recording::Item& item : recording.items) {
    if (item.state == journal::State::cancelled) ++cancelled[item.node];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto counted = recording.summary.find(recording.graph.nodes[i].name);
    if (counted == recording.summary.end()) {
      add_recorded(recording, i, cancelled[i], nodes[i]);
    } else {
      add_counted(counted->second, nodes[i]);
    }
    if (!peaks[i]) continue;
    nodes[i]["peak_running"] = peaks[i]->running;
    nodes[i]["peak_waiting"] = peaks[i]->waiting;
  }
  return nodes;
}

/// What its command wrote last, and where, as far as that can be read.
void add_tail(const journal::RunDirectory& run, const std::string& node, std::int64_t seq,
              Json& failure) {
  Json lines = Json::array();
  for (const journal::Stream stream : {journal::Stream::err, journal::Stream::out}) {
    const std::filesystem::path file = run.log_file(node, seq, stream);
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) continue;
    failure["log"] = file.string();
    std::string text;
    try {
      text = journal::read_end(file, kReadOfLog);
    } catch (const journal::Error&) {
      break;
    }
    std::string_view rest = last_lines(text, kTailLines, kLongestTail);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines.push_back(one_line(rest.substr(0, end), kLongestText));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!lines.empty()) break;
  }
  failure["tail"] = std::move(lines);
}

Json failures_json(const Recording& recording, const std::optional<journal::RunDirectory>& run) {
  Json failures = Json::array();
  for (const Recording::Item& item : recording.items) {
    if (item.state != journal::State::failed) continue;
    if (failures.size() == kMostFailures) break;
    Json failure = {{"node", recording.graph.nodes[item.node].name},
                    {"item", one_line(item.text, kLongestText)},
                    {"error", one_line_with_end(item.error, 2 * kLongestText)}};
    failure["status"] = item.status ? Json(*item.status) : Json();
    failure["attempts"] = item.attempts.size();
    failure["seconds"] = seconds(item.ended - item.arrived);
    failure["tail"] = Json::array();
    if (run) add_tail(*run, recording.graph.nodes[item.node].name, item.seq, failure);
    failures.push_back(std::move(failure));
  }
  return failures;
}

Json series_json(const Recording& recording) {
  const std::size_t nodes = std::max<std::size_t>(1, recording.graph.nodes.size());
  const std::size_t most = std::clamp<std::size_t>(200'000 / nodes, 10, 240);
  const std::size_t points = std::min(most, recording.samples.size());
  Json series = {{"step", 0}, {"t0", 0}, {"nodes", Json::object()}};
  if (points == 0) return series;
  const Recording::Time step =
      points == 1 ? 1 : recording.last / static_cast<std::int64_t>(points - 1);
  series["step"] = seconds(step);
  std::vector<const Recording::Sample*> chosen;
  auto at = recording.samples.begin();
  for (std::size_t i = 0; i < points; ++i) {
    const Recording::Time time =
        i + 1 == points ? recording.last : step * static_cast<Recording::Time>(i);
    // The nearest: one that comes a moment later says more of it than the one before.
    const auto off = [&](const auto& sample) { return std::abs(sample->at - time); };
    for (auto next = std::next(at); next != recording.samples.end() && off(next) <= off(at);
         ++next) {
      at = next;
    }
    chosen.push_back(&*at);
  }
  for (std::size_t i = 0; i < recording.graph.nodes.size(); ++i) {
    Json running = Json::array();
    Json waiting = Json::array();
    Json done = Json::array();
    for (const Recording::Sample* const sample : chosen) {
      const Recording::Sample::Node& node = sample->nodes[i];
      running.push_back(node.running);
      waiting.push_back(node.waiting + node.queued);
      done.push_back(node.done);
    }
    series["nodes"][recording.graph.nodes[i].name] = {{"running", std::move(running)},
                                                      {"waiting", std::move(waiting)},
                                                      {"done", std::move(done)}};
  }
  return series;
}

Json where_json(const Recording& recording, const Where& where) {
  Json json = {{"nodes", Json::object()}, {"wall_seconds_of_items", seconds(where.all)}};
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    if (where.nodes[i].empty()) continue;
    Json& node = json["nodes"][recording.graph.nodes[i].name] = Json::object();
    for (const auto& [cause, sum] : where.nodes[i]) node[to_string(cause)] = seconds(sum);
  }
  return json;
}

Json slowest_json(const Recording& recording) {
  const Account account(recording);
  std::vector<std::pair<Recording::Time, const Recording::Item*>> slowest;
  for (const Recording::Item& item : recording.items) {
    const bool has_parent = item.parent != Recording::kNone;
    const Recording::Time from = has_parent ? recording.items[item.parent].ended : item.arrived;
    slowest.emplace_back(item.ended - std::min(from, item.ended), &item);
  }
  const std::size_t most = std::min(kMostSlowest, slowest.size());
  std::partial_sort(slowest.begin(), slowest.begin() + static_cast<std::ptrdiff_t>(most),
                    slowest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  Json json = Json::array();
  for (std::size_t i = 0; i < most; ++i) {
    const Recording::Item& item = *slowest[i].second;
    Json& one = json.emplace_back();
    one = {{"node", recording.graph.nodes[item.node].name},
           {"item", one_line(item.text, kLongestText)},
           {"seconds", seconds(slowest[i].first)},
           {"parts", Json::object()}};
    Causes sums;
    for (const Part& part : account.parts(item)) sums[part.cause] += part.end - part.begin;
    for (const auto& [cause, time] : sums) one["parts"][to_string(cause)] = seconds(time);
  }
  return json;
}

}  // namespace

Json report_json(const Recording& recording) {
  const Where where = where_time_went(recording);
  const std::optional<journal::RunDirectory> run = directory_of(recording);
  Json json = {{"mode", "report"}};
  json["run"] = run_json(recording);
  json["graph"] = layout_json(recording.graph, layout_for_page(recording.graph));
  Json graph = to_json(recording.graph);
  json["nodes"] = nodes_json(recording, std::move(graph.at("nodes")));
  json["limits"] = std::move(graph.at("limits"));
  json["failures"] = failures_json(recording, run);
  json["series"] = series_json(recording);
  const std::vector<Bottleneck> held_back = bottlenecks_of(recording, where);
  json["bottleneck"] = to_json(held_back.empty() ? Bottleneck() : held_back.front());
  json["why"] = Json::array();
  for (const Bottleneck& one : held_back) json["why"].push_back(sentence(one));
  json["timeline"] = timeline_json(recording);
  json["where"] = where_json(recording, where);
  json["slowest"] = slowest_json(recording);
  return json;
}

}  // namespace weir::view
