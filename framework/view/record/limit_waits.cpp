#include "view/record/limit_waits.hpp"

#include <algorithm>
#include <iterator>

namespace weir::view {
namespace {

/// Items that a run left behind before their first attempt: no attempt tells of their waiting, but
/// the samples do.
struct NeverBegun {
  Cause cause;
  std::int64_t items = 0;
  Recording::Time waited = 0;
};

NeverBegun never_begun(const Recording& recording, std::size_t node, const Causes& causes) {
  NeverBegun found{limit_waited_for(recording.graph.nodes[node], causes)};
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
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    Causes sums = where.nodes[i];
    const NeverBegun others = never_begun(recording, i, sums);
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
