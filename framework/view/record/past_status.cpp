#include "view/record/past_status.hpp"

#include <algorithm>

#include "view/node_counts.hpp"
#include "view/record/peaks.hpp"

namespace weir::view {
namespace {

using runtime::LimitState;
using runtime::LimitStatus;
using runtime::NodeStatus;

/// As a limit is that has nothing left of this.
void use_up(Cause::Kind kind, const LimitStatus& limit, LimitState& state) {
  if (kind == Cause::Kind::memory) {
    state.memory_taken = limit.memory.value_or(0);
  } else if (kind == Cause::Kind::rate) {
    state.next_start = 0;
  } else if (kind == Cause::Kind::pause) {
    state.paused_for = 0;
  } else {
    state.taken = limit.slots.value_or(0);
  }
}

}  // namespace

PastStatus::PastStatus(const Recording& recording, const Where& where) : recording_(recording) {
  const Graph& graph = recording.graph;
  status_.threads = recording.threads;
  for (const GraphLimit& limit : graph.limits) {
    status_.limits.push_back(limit_status(limit));
    status_.limits.back().per.clear();
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& from = graph.nodes[i];
    NodeStatus& node = status_.nodes.emplace_back();
    node.name = from.name;
    node.kind = from.kind;
    node.type = from.type;
    node.work = from.work;
    node.limit = from.limit;
    node.limits = from.limits;
    node.capacity = from.capacity;
    causes_.push_back(limit_waited_for(from, where.nodes[i]));
    if (from.limit && from.kind == "function") status_.limits.push_back(own_limit(from));
    if (from.kind == "source") status_.sources.push_back({from.name});
  }
  limits_ = status_.limits;
  const std::vector<std::optional<Peaks>> peaks = peaks_of(recording);
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    if (!peaks[i]) continue;
    status_.nodes[i].peak_running = peaks[i]->running;
    status_.nodes[i].peak_waiting = peaks[i]->waiting;
  }
  for (const GraphEdge& edge : graph.edges) {
    std::vector<std::string>& reads = status_.nodes[edge.to].reads;
    const std::string& name = graph.nodes[edge.from].name;
    if (std::find(reads.begin(), reads.end(), name) == reads.end()) reads.push_back(name);
  }
}

const runtime::Status& PastStatus::at(std::size_t sample) {
  const Recording::Sample& from = recording_.samples[sample];
  status_.seconds = static_cast<double>(from.at) / 1e9;
  for (std::size_t i = 0; i < status_.nodes.size(); ++i) {
    NodeStatus& node = status_.nodes[i];
    const Recording::Sample::Node& counts = from.nodes[i];
    node.in = counts.in;
    node.done = counts.done;
    node.failed = counts.failed;
    node.running = counts.running;
    node.waiting = counts.waiting;
    node.queued = counts.queued;
    node.backing_off = counts.backing_off;
  }
  for (NodeStatus& node : status_.nodes) node.halted = gives_to_full_queue(status_, node);
  status_.limits = limits_;
  if (from.limits) {
    set_limits(*from.limits);
  } else {
    guess_limits();
  }
  set_sources(from);
  return status_;
}

void PastStatus::set_limits(const std::vector<LimitStatus>& known) {
  for (LimitStatus& limit : status_.limits) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const LimitStatus& one) {
      return one.name == limit.name && one.is_own == limit.is_own;
    });
    if (found != known.end()) limit = *found;
    if (!limit.is_own) continue;
    for (NodeStatus& node : status_.nodes) {
      if (node.name == limit.name) node.limit = limit.slots;
    }
  }
}

/// What waited is taken to have waited for what most at that node waited for in all.
void PastStatus::guess_limits() {
  for (LimitStatus& limit : status_.limits) {
    LimitState state;
    for (std::size_t i = 0; i < status_.nodes.size(); ++i) {
      const NodeStatus& node = status_.nodes[i];
      if (causes_[i].limit != limit.name || pending(node) == 0) continue;
      state.waiters.push_back({node.name, pending(node)});
      use_up(causes_[i].kind, limit, state);
    }
    limit.states.front() = std::move(state);
  }
}

/// A source whose last item has been given has ended; before that it is held back if as many are
/// under way as it may have.
void PastStatus::set_sources(const Recording::Sample& sample) {
  std::int64_t under_way = 0;
  for (const NodeStatus& node : status_.nodes) {
    if (works(node)) under_way += node.running + pending(node) + node.backing_off;
  }
  for (runtime::SourceStatus& source : status_.sources) {
    for (std::size_t i = 0; i < status_.nodes.size(); ++i) {
      if (status_.nodes[i].name != source.node) continue;
      source.ended = sample.nodes[i].in >= recording_.samples.back().nodes[i].in;
    }
    const auto most = recording_.max_in_flight.find(source.node);
    source.items_in_flight = under_way;
    source.held_back = most != recording_.max_in_flight.end() && under_way >= most->second;
  }
}

}  // namespace weir::view
