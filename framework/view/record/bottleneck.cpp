#include "view/record/bottleneck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <map>

#include "view/text.hpp"

namespace weir::view {
namespace {

/// Items that a run left behind before their first attempt: no attempt tells of their waiting, but
/// the samples do.
struct NeverBegun {
  Cause cause;
  std::int64_t items = 0;
  Recording::Time waited = 0;
};

/// The limit that most of those waited for that began at this node; or else one that it has.
Cause cause_at(const GraphNode& node, const Causes& causes) {
  Cause cause{Cause::Kind::limit, {}};
  Recording::Time most = 0;
  for (const auto& [of, sum] : causes) {
    if (!is_of_limit(of.kind) || sum <= most) continue;
    most = sum;
    cause = of;
  }
  if (most == 0 && !node.limits.empty()) cause.limit = node.limits.front();
  if (most == 0 && node.limit) cause.limit = node.name;
  return cause;
}

NeverBegun never_begun(const Recording& recording, std::size_t node, const Causes& causes) {
  NeverBegun found{cause_at(recording.graph.nodes[node], causes)};
  const std::vector<Recording::Sample>& samples = recording.samples;
  const auto waiting = [&](const Recording::Sample& sample) {
    return sample.nodes[node].waiting + sample.nodes[node].queued;
  };
  const bool all_began = recording.state == "done" || recording.state == "failed";
  if (found.cause.limit.empty() || all_began) return found;
  for (auto sample = samples.begin(); sample != samples.end(); ++sample) {
    const auto next = std::next(sample);
    const Recording::Time until = next == samples.end() ? recording.last : next->at;
    // What waits when a run is stopped is cancelled: then the last sample has none.
    if (waiting(*sample) > 0) found.items = waiting(*sample);
    found.waited += waiting(*sample) * std::max<Recording::Time>(0, until - sample->at);
  }
  for (const auto& [cause, sum] : causes) {
    if (is_of_limit(cause.kind)) found.waited -= sum;
  }
  found.waited = std::max<Recording::Time>(0, found.waited);
  return found;
}

/// What was waited for at all nodes that share it, or at one of them if it is that one's own.
struct Waited {
  Recording::Time sum = 0;
  Causes causes;
  std::map<std::size_t, Recording::Time> nodes;
  std::int64_t never_begun = 0;
};

std::string reason_of(const Cause& cause, const Recording& recording) {
  const std::vector<GraphNode>& nodes = recording.graph.nodes;
  const bool is_own = std::any_of(nodes.begin(), nodes.end(),
                                  [&](const GraphNode& node) { return node.name == cause.limit; });
  const std::string limit = is_own ? "its limit" : fmt::format("limit {}", cause.limit);
  switch (cause.kind) {
    case Cause::Kind::memory:
      return "bound by the memory of " + limit;
    case Cause::Kind::rate:
      return "bound by the rate of " + limit;
    case Cause::Kind::pause:
      return "paused by throttles of " + limit;
    default:
      return "bound by " + limit;
  }
}

/// By the limit's name.
std::map<std::string_view, Waited> waits_for_limits(const Recording& recording, const Where& where,
                                                    Recording::Time& all) {
  std::map<std::string_view, Waited> waits;
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    Causes sums = where.nodes[i];
    const NeverBegun others = never_begun(recording, i, sums);
    if (others.waited > 0) sums[others.cause] += others.waited;
    all += others.waited;
    for (const auto& [cause, sum] : sums) {
      if (!is_of_limit(cause.kind)) continue;
      Waited& waited = waits[cause.limit];
      waited.sum += sum;
      waited.causes[cause] += sum;
      waited.nodes[i] += sum;
      if (cause == others.cause) waited.never_begun += others.items;
    }
  }
  return waits;
}

/// How it stood with those nodes when the most ran, and the most waited.
std::string most_of(const Recording& recording, const std::vector<std::size_t>& nodes,
                    const Bottleneck& bottleneck) {
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  for (const Recording::Sample& sample : recording.samples) {
    for (const std::size_t i : nodes) {
      running = std::max(running, sample.nodes[i].running);
      waiting = std::max(waiting, sample.nodes[i].waiting + sample.nodes[i].queued);
    }
  }
  return most_text(running, waiting, bottleneck);
}

const Cause& most_waited_for(const Causes& sums) {
  return std::max_element(sums.begin(), sums.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

/// What most of the waiting was for.
Bottleneck most_waited(const Recording& recording, const Where& where) {
  Recording::Time all = where.all;
  const std::map<std::string_view, Waited> waits = waits_for_limits(recording, where, all);
  const auto most = std::max_element(waits.begin(), waits.end(), [](const auto& a, const auto& b) {
    return a.second.sum < b.second.sum;
  });
  // Less than a twentieth of the items' time is no bottleneck.
  if (most == waits.end() || most->second.sum <= 0 || most->second.sum * 20 < all) return {};
  const Waited& waited = most->second;
  Bottleneck found;
  std::vector<std::size_t> nodes;
  for (const auto& [node, sum] : waited.nodes) {
    if (sum * 20 < waited.sum) continue;
    nodes.push_back(node);
    found.nodes.push_back(recording.graph.nodes[node].name);
  }
  found.reason = reason_of(most_waited_for(waited.causes), recording);
  found.text = fmt::format("items waited {} in all, {}",
                           short_time(static_cast<double>(waited.sum) / 1e9), found.reason) +
               most_of(recording, nodes, found);
  if (waited.never_begun > 0) {
    found.text += fmt::format("; {} have not begun", waited.never_begun);
  }
  return found;
}

/// Where most stood and waited, or else was worked on.
Bottleneck most_sampled(const Recording& recording) {
  Bottleneck found;
  std::int64_t most = 0;
  for (const bool is_work : {false, true}) {
    for (std::size_t i = 0; i < recording.graph.nodes.size() && (most == 0 || is_work); ++i) {
      std::int64_t sum = 0;
      for (const Recording::Sample& sample : recording.samples) {
        const Recording::Sample::Node& node = sample.nodes[i];
        sum += is_work ? node.running : node.waiting + node.queued;
      }
      if (sum <= most || recording.graph.nodes[i].kind == "queue") continue;
      most = sum;
      found.nodes = {recording.graph.nodes[i].name};
      found.reason = is_work ? "most of the work was there" : "most of what waited did so there";
      found.text = found.reason + most_of(recording, {i}, found);
    }
    if (most != 0) break;
  }
  return found;
}

}  // namespace

Bottleneck bottleneck_of(const Recording& recording, const Where& where) {
  Bottleneck found = most_waited(recording, where);
  if (found.nodes.empty()) found = most_sampled(recording);
  found.is_over = recording.state != "running";
  return found;
}

}  // namespace weir::view
