#include "view/record/recording.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "journal/error.hpp"
#include "journal/run_directory.hpp"
#include "journal/time.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t started_of(const std::string& run) {
  return Json::parse(run).value("started_ns", std::int64_t{0});
}

/// From what was read to the run's data.
class Maker {
 public:
  Maker(journal::Recorded from, Recording to) : from_(std::move(from)), to_(std::move(to)) {}

  Recording make() {
    if (!from_.run.empty()) take_run(Json::parse(from_.run));
    take_graph();
    if (from_.run.empty()) guess_run();
    find_last();
    take_items();
    take_samples();
    take_batches();
    return std::move(to_);
  }

 private:
  void take_run(const Json& run) {
    to_.started_ns = run.at("started_ns").get<std::int64_t>();
    to_.threads = run.value("threads", 0);
    to_.cpus = run.value("cpus", to_.threads);
    if (run.contains("ended_ns")) ended_ns_ = run.at("ended_ns").get<std::int64_t>();
    if (run.contains("outcome")) to_.state = run.at("outcome").get<std::string>();
    if (run.contains("exit_code")) to_.exit_code = run.at("exit_code").get<int>();
    const Json in_flight = run.value("max_in_flight", Json::object());
    for (const auto& [source, items] : in_flight.items()) {
      to_.max_in_flight[source] = items.get<std::int64_t>();
    }
  }

  /// An older weir did not write it down: there is what is known of the items' nodes. In one that
  /// was, items may be of nodes that a run before had, and this one has no more.
  void take_graph() {
    if (!from_.graph.empty()) {
      to_.graph = graph_of_json(Json::parse(from_.graph));
      for (std::size_t i = 0; i < to_.graph.nodes.size(); ++i) {
        numbers_[to_.graph.nodes[i].name] = i;
      }
      return;
    }
    for (const journal::Row& item : from_.items) {
      if (!numbers_.try_emplace(item.node, to_.graph.nodes.size()).second) continue;
      GraphNode& node = to_.graph.nodes.emplace_back();
      node.name = item.node;
      node.kind = "function";
      node.work = "waits";
    }
  }

  void guess_run() {
    for (const journal::Recorded::Attempt& attempt : from_.attempts) {
      if (to_.started_ns == 0 || attempt.queued_ns < to_.started_ns) {
        to_.started_ns = attempt.queued_ns;
      }
    }
  }

  void find_last() {
    std::int64_t last = to_.started_ns;
    for (const journal::Recorded::Attempt& attempt : from_.attempts) {
      last = std::max({last, attempt.started_ns, attempt.ended_ns.value_or(0)});
    }
    if (!from_.samples.empty()) last = std::max(last, from_.samples.back().at_ns);
    if (to_.state == "running") last = std::max(last, journal::now_ns());
    to_.last = std::max(last, ended_ns_) - to_.started_ns;
  }

  Recording::Time since_start(std::int64_t unix_ns) const { return unix_ns - to_.started_ns; }

  void take_items() {
    std::vector<std::size_t> place(from_.items.size(), Recording::kNone);
    for (journal::Recorded::Attempt& attempt : from_.attempts) {
      std::size_t& at = place[attempt.item];
      if (at == Recording::kNone) {
        const auto node = numbers_.find(from_.items[attempt.item].node);
        if (node == numbers_.end()) continue;
        at = to_.items.size();
        take_item(from_.items[attempt.item], node->second);
      }
      to_.items[at].attempts.push_back(made_of(attempt));
    }
    for (std::size_t i = 0; i < from_.items.size(); ++i) {
      if (place[i] != Recording::kNone) link(to_.items[place[i]], from_.items[i]);
    }
  }

  void take_item(journal::Row& from, std::size_t node) {
    Recording::Item& item = to_.items.emplace_back();
    by_key_.emplace(from.key, to_.items.size() - 1);
    item.node = node;
    item.key = from.key;
    item.seq = from.seq;
    item.text = std::move(from.item);
    item.arrived = since_start(from.arrived_ns);
    item.state = from.state;
    item.is_open =
        from.state == journal::State::running || from.state == journal::State::backing_off;
    item.ended = from.ended_ns && !item.is_open ? since_start(*from.ended_ns) : to_.last;
    item.status = from.status;
    item.error = std::move(from.error);
  }

  Recording::Attempt made_of(journal::Recorded::Attempt& from) const {
    Recording::Attempt attempt;
    attempt.number = from.number;
    attempt.queued = since_start(from.queued_ns);
    attempt.started = since_start(from.started_ns);
    attempt.admitted = from.admitted_ns ? since_start(*from.admitted_ns) : attempt.started;
    attempt.cut_off = !from.ended_ns;
    attempt.ended = from.ended_ns ? since_start(*from.ended_ns) : to_.last;
    attempt.state = from.state;
    attempt.status = from.status;
    attempt.error = std::move(from.error);
    attempt.held_by = std::move(from.held_by);
    attempt.held_for = std::move(from.held_for);
    attempt.needs = std::move(from.needs);
    attempt.cpu = from.cpu_ns;
    return attempt;
  }

  void link(Recording::Item& item, const journal::Row& from) const {
    if (!from.parent) return;
    const auto parent = by_key_.find(*from.parent);
    // Of one that was done in an earlier run nothing is known of this one.
    if (parent != by_key_.end()) item.parent = parent->second;
  }

  void take_samples() {
    for (const journal::Recorded::Sample& from : from_.samples) {
      Recording::Sample sample;
      sample.at = since_start(from.at_ns);
      if (from.idle_permille) sample.idle = static_cast<double>(*from.idle_permille) / 1000;
      for (const auto& of : Json::parse(from.nodes)) {
        const auto at = [&](std::size_t i) { return of.at(i).get<std::int64_t>(); };
        sample.nodes.push_back({at(0), at(1), at(2), at(3), at(4), at(5), at(6)});
        if (sample.nodes.size() == 1 && of.size() > 7) sample.limits = limits_of(of.at(7));
      }
      sample.nodes.resize(to_.graph.nodes.size());
      to_.samples.push_back(std::move(sample));
    }
  }

  std::vector<runtime::LimitStatus> limits_of(const Json& from) const {
    std::vector<runtime::LimitStatus> limits;
    for (const auto& one : from) {
      std::optional<runtime::LimitStatus> limit =
          limit_named(to_.graph, one.at(0).get<std::string>());
      if (!limit) continue;
      limit->slots.reset();
      if (!one.at(1).is_null()) limit->slots = one.at(1).get<std::int64_t>();
      limit->states.clear();
      for (const auto& state : one.at(2)) limit->states.push_back(limit_state_of(state));
      limits.push_back(std::move(*limit));
    }
    return limits;
  }

  static runtime::LimitState limit_state_of(const Json& from) {
    runtime::LimitState state;
    state.key = from.at(0).get<std::string>();
    state.taken = from.at(1).get<std::int64_t>();
    state.memory_taken = from.at(2).get<std::int64_t>();
    if (from.at(3).get<bool>()) state.paused_for = 0;
    if (from.at(4).get<bool>()) state.next_start = 0;
    for (const auto& waiter : from.at(5)) {
      state.waiters.push_back({waiter.at(0).get<std::string>(), waiter.at(1).get<std::int64_t>()});
      state.waiting += state.waiters.back().items;
    }
    return state;
  }

  void take_batches() {
    for (const std::string& spans : from_.batches) {
      for (const auto& span : Json::parse(spans)) {
        Recording::Batch batch;
        batch.node = span.at(0).get<std::size_t>();
        if (batch.node >= to_.graph.nodes.size()) continue;
        batch.worker = span.at(1).get<int>();
        batch.began = since_start(span.at(2).get<std::int64_t>());
        batch.ended = batch.began + span.at(3).get<std::int64_t>();
        batch.items = span.at(4).get<std::int64_t>();
        to_.batches.push_back(batch);
      }
    }
  }

  journal::Recorded from_;
  Recording to_;
  std::int64_t ended_ns_ = 0;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::unordered_map<journal::Key, std::size_t, journal::Key::Hash> by_key_;
};

/// Where it can't be read there is the record.
std::map<std::string, EndCounts> summary_of(const journal::RunDirectory& run) {
  try {
    return end_counts(run).value_or(std::map<std::string, EndCounts>());
  } catch (const journal::Error&) {
    return {};
  }
}

Recording load(const std::filesystem::path& file, Recording known) {
  try {
    return Maker(journal::read_recorded(file, started_of), std::move(known)).make();
  } catch (const std::runtime_error& error) {
    throw journal::Error(
        fmt::format("'{}' can't be read as a run: {}", file.string(), error.what()));
  } catch (const Json::exception& error) {
    throw journal::Error(fmt::format("'{}' is damaged: {}", file.string(), error.what()));
  }
}

}  // namespace

bool is_cut_off(const Recording& recording) {
  return recording.state != "done" && recording.state != "failed";
}

runtime::LimitStatus limit_status(const GraphLimit& from) {
  runtime::LimitStatus limit;
  limit.name = from.name;
  limit.per = from.per;
  limit.slots = from.slots;
  limit.interval = from.interval;
  limit.memory = from.memory;
  limit.states.resize(1);
  return limit;
}

runtime::LimitStatus own_limit(const GraphNode& node) {
  runtime::LimitStatus limit;
  limit.name = node.name;
  limit.is_own = true;
  limit.slots = node.limit;
  limit.states.resize(1);
  return limit;
}

std::optional<runtime::LimitStatus> limit_named(const Graph& graph, const std::string& name) {
  for (const GraphLimit& limit : graph.limits) {
    if (limit.name == name) return limit_status(limit);
  }
  for (const GraphNode& node : graph.nodes) {
    if (node.name == name) return own_limit(node);
  }
  return std::nullopt;
}

std::vector<std::optional<std::int64_t>> capacities_before(const Graph& graph) {
  std::vector<std::optional<std::int64_t>> capacities(graph.nodes.size());
  for (const GraphEdge& edge : graph.edges) {
    const GraphNode& from = graph.nodes[edge.from];
    if (from.kind == "queue" && from.capacity) capacities[edge.to] = from.capacity;
  }
  return capacities;
}

Recording load_recording_file(const std::filesystem::path& file) { return load(file, {}); }

Recording load_recording(const std::string& which, const std::filesystem::path& root) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(which, ignored)) return load_recording_file(which);
  const journal::RunDirectory run = journal::RunDirectory::open(which, root);
  Recording known;
  known.id = run.id();
  known.directory = run.path();
  known.graph.name = run.info().pipeline;
  known.started_ns = run.info().started_ns;
  if (run.is_alive()) {
    // There may be the summary of the run before, which this one goes on from.
    known.state = "running";
  } else {
    known.summary = summary_of(run);
  }
  if (!std::filesystem::exists(run.database(), ignored)) return known;
  return load(run.database(), std::move(known));
}

}  // namespace weir::view
