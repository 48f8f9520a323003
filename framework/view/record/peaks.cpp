#include "view/record/peaks.hpp"

#include <algorithm>
#include <utility>

#include "view/record/lanes.hpp"
#include "view/record/open_waits.hpp"

namespace weir::view {
namespace {

using Time = Recording::Time;
/// A moment, and by how many there are more or fewer from then on.
using Changes = std::vector<std::pair<Time, std::int64_t>>;

void add(Changes& changes, Time begin, Time end) {
  if (end <= begin) return;
  changes.emplace_back(begin, 1);
  changes.emplace_back(end, -1);
}

/// Who leaves and who comes at one moment are not there together.
std::int64_t most_of(Changes changes) {
  std::sort(changes.begin(), changes.end());
  std::int64_t now = 0;
  std::int64_t most = 0;
  for (const auto& [unused, more] : changes) most = std::max(most, now += more);
  return most;
}

/// Those between two attempts wait, too.
void add_waits(const Recording::Item& item, Changes& changes) {
  Time since = item.arrived;
  for (const Recording::Attempt& attempt : item.attempts) {
    add(changes, since, attempt.started);
    since = attempt.ended;
  }
  if (waits_for_another(item)) add(changes, since, item.ended);
}

}  // namespace

std::vector<std::optional<Peaks>> peaks_of(const Recording& recording) {
  std::vector<std::optional<Peaks>> peaks(recording.graph.nodes.size());
  std::vector<Changes> waits(peaks.size());
  for (const Recording::Item& item : recording.items) add_waits(item, waits[item.node]);
  const auto lanes = lanes_of(recording);
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    const GraphNode& node = recording.graph.nodes[i];
    const auto counted = recording.summary.find(node.name);
    if (node.kind == "source") continue;
    if (counted != recording.summary.end()) {
      peaks[i] = {counted->second.peak_running, counted->second.peak_waiting};
    } else if (!lanes[i].empty()) {
      peaks[i] = {static_cast<std::int64_t>(lanes[i].size()), most_of(std::move(waits[i]))};
      for (const Recording::Sample& sample : recording.samples) {
        const Recording::Sample::Node& of = sample.nodes[i];
        peaks[i]->waiting = std::max(peaks[i]->waiting, of.waiting + of.queued + of.backing_off);
      }
    }
  }
  return peaks;
}

}  // namespace weir::view
