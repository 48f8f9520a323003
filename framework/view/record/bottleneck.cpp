#include "view/record/bottleneck.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

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

std::string waited_text(const Cause& cause, Recording::Time sum, const std::string& node,
                        std::int64_t never_begun) {
  std::string text =
      fmt::format("items waited {} in all for the {}, at {}",
                  short_time(static_cast<double>(sum) / 1e9), to_string(cause), node);
  if (never_begun > 0) text += fmt::format("; {} have not begun", never_begun);
  return text;
}

/// What most of the waiting was for.
Bottleneck most_waited(const Recording& recording, const Where& where) {
  Bottleneck found;
  Recording::Time most = 0;
  Recording::Time all = where.all;
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    Causes sums = where.nodes[i];
    const NeverBegun others = never_begun(recording, i, sums);
    if (others.waited > 0) sums[others.cause] += others.waited;
    all += others.waited;
    for (const auto& [cause, sum] : sums) {
      if (!is_of_limit(cause.kind) || sum <= most) continue;
      most = sum;
      found.node = recording.graph.nodes[i].name;
      found.text = waited_text(cause, sum, found.node, cause == others.cause ? others.items : 0);
    }
  }
  // Less than a twentieth of the items' time is no bottleneck.
  return most * 20 < all ? Bottleneck() : found;
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
      found.node = recording.graph.nodes[i].name;
      found.text = is_work ? "most of the work was at " + found.node
                           : "most of what waited did so before " + found.node;
    }
    if (most != 0) break;
  }
  return found;
}

}  // namespace

Bottleneck bottleneck_of(const Recording& recording, const Where& where) {
  const Bottleneck waited = most_waited(recording, where);
  return waited.node.empty() ? most_sampled(recording) : waited;
}

}  // namespace weir::view
