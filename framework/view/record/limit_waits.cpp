#include "view/record/limit_waits.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace weir::view {
namespace {

/// Items that a run left behind before their first attempt: no attempt tells of their waiting, but
/// the samples do.
struct NeverBegun {
  Cause cause;
  std::int64_t items = 0;
  Recording::Time waited = 0;
};

/// Of each node, how many of those that came.
std::vector<std::int64_t> never_began(const Recording& recording) {
  std::vector<std::int64_t> left(recording.graph.nodes.size());
  if (recording.samples.empty() || recording.state == "done" || recording.state == "failed") {
    return left;
  }
  std::vector<std::int64_t> cut_off(left.size());
  for (const Recording::Item& item : recording.items) {
    const bool has_ended =
        item.state == journal::State::done || item.state == journal::State::failed;
    if (!has_ended) ++cut_off[item.node];
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Recording::Sample::Node& last = recording.samples.back().nodes[i];
    const std::int64_t begun = std::max(cut_off[i], last.running + last.backing_off);
    left[i] = std::max<std::int64_t>(0, last.in - last.done - last.failed - begun);
  }
  return left;
}

NeverBegun never_begun(const Recording& recording, std::size_t node, const Causes& causes,
                       std::int64_t items) {
  NeverBegun found{limit_waited_for(recording.graph.nodes[node], causes)};
  if (found.cause.limit.empty() || items == 0) return found;
  found.items = items;
  const std::vector<Recording::Sample>& samples = recording.samples;
  for (auto sample = samples.begin(); sample != samples.end(); ++sample) {
    const auto next = std::next(sample);
    const Recording::Time until = next == samples.end() ? recording.last : next->at;
    const std::int64_t waiting = sample->nodes[node].waiting + sample->nodes[node].queued;
    found.waited += waiting * std::max<Recording::Time>(0, until - sample->at);
  }
  for (const auto& [cause, sum] : causes) {
    if (is_of_limit(cause.kind)) found.waited -= sum;
  }
  found.waited = std::max<Recording::Time>(0, found.waited);
  return found;
}

}  // namespace

Cause limit_waited_for(const GraphNode& node, const Causes& causes) {
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

AllLimitWaits limit_waits(const Recording& recording, const Where& where) {
  AllLimitWaits found;
  found.all = where.all;
  const std::vector<std::int64_t> left = never_began(recording);
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    Causes sums = where.nodes[i];
    const NeverBegun others = never_begun(recording, i, sums, left[i]);
    if (others.waited > 0) sums[others.cause] += others.waited;
    found.all += others.waited;
    for (const auto& [cause, sum] : sums) {
      if (!is_of_limit(cause.kind)) continue;
      LimitWaits& waits = found.limits[cause.limit];
      waits.sum += sum;
      waits.causes[cause] += sum;
      waits.nodes[i] += sum;
      if (cause == others.cause) waits.never_begun += others.items;
    }
  }
  return found;
}

}  // namespace weir::view
