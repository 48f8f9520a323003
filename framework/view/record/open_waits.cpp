#include "view/record/open_waits.hpp"

#include <algorithm>
#include <iterator>

#include "view/bounds_of_node.hpp"

namespace weir::view {
namespace {

using Time = Recording::Time;

/// What ends so shortly before a sample may not be in its counts.
constexpr Time kAtOnce = 2'000'000;

Cause::Kind kind_of(HeldFor held) {
  if (held == HeldFor::pause) return Cause::Kind::pause;
  if (held == HeldFor::rate) return Cause::Kind::rate;
  return held == HeldFor::memory ? Cause::Kind::memory : Cause::Kind::limit;
}

/// What holds a node's items back at this moment: the first limit that lets none of them in.
std::optional<Cause> cause_at(const Recording::Sample& sample, const GraphNode& node) {
  std::optional<Cause> found;
  if (!sample.limits) return found;
  for (const runtime::LimitStatus& limit : *sample.limits) {
    for (const runtime::LimitState& state : limit.states) {
      if (!waits_at(node.name, state)) continue;
      const HeldFor held = held_for(limit, state);
      if (!found || held != HeldFor::turn) found = Cause{kind_of(held), limit.name};
      if (held != HeldFor::turn) return found;
    }
  }
  return found;
}

/// How many of a node's items were between two attempts that both are known.
std::int64_t between_attempts(const std::vector<std::pair<Time, Time>>& pauses, Time at) {
  return std::count_if(pauses.begin(), pauses.end(), [&](const auto& pause) {
    return pause.first <= at - kAtOnce && at < pause.second;
  });
}

/// Of each node, how many came and have not begun.
std::vector<std::int64_t> items_never_begun(const Recording& recording) {
  std::vector<std::int64_t> left(recording.graph.nodes.size());
  if (recording.samples.empty() || !is_cut_off(recording)) {
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

/// Of all that waited at a node, those that never began included: added up over the samples.
Time waited_in_all(const Recording& recording, std::size_t node) {
  Time sum = 0;
  const std::vector<Recording::Sample>& samples = recording.samples;
  for (auto sample = samples.begin(); sample != samples.end(); ++sample) {
    const auto next = std::next(sample);
    const Time until = next == samples.end() ? recording.last : next->at;
    const std::int64_t waiting = sample->nodes[node].waiting + sample->nodes[node].queued;
    sum += waiting * std::max<Time>(0, until - sample->at);
  }
  return sum;
}

}  // namespace

bool waits_for_another(const Recording::Item& item) {
  return item.state == journal::State::backing_off || item.state == journal::State::cancelled;
}

OpenWaits::OpenWaits(const Recording& recording)
    : recording_(recording), last_(recording.graph.nodes.size()) {
  std::map<std::size_t, std::vector<const Recording::Item*>> left;
  for (const Recording::Item& item : recording.items) {
    if (waits_for_another(item)) left[item.node].push_back(&item);
  }
  for (auto& [node, items] : left) follow_back_offs(node, std::move(items));
  // When a run is stopped what waits is cancelled before the last sample is taken.
  for (std::size_t node = 0; node < last_.size(); ++node) {
    for (auto sample = recording.samples.rbegin();
         sample != recording.samples.rend() && !last_[node]; ++sample) {
      last_[node] = cause_at(*sample, recording.graph.nodes[node]);
    }
  }
}

/// Samples say how many were between two attempts; those that failed first went on first.
void OpenWaits::follow_back_offs(std::size_t node, std::vector<const Recording::Item*> left) {
  const auto end_of = [](const Recording::Item* item) { return item->attempts.back().ended; };
  std::stable_sort(
      left.begin(), left.end(),
      [&](const Recording::Item* a, const Recording::Item* b) { return end_of(a) < end_of(b); });
  std::vector<std::pair<Time, Time>> pauses;
  for (const Recording::Item& item : recording_.items) {
    if (item.node != node) continue;
    for (std::size_t i = 1; i < item.attempts.size(); ++i) {
      pauses.emplace_back(item.attempts[i - 1].ended, item.attempts[i].queued);
    }
  }
  std::size_t in_line = 0;
  Time before = 0;
  for (const Recording::Sample& sample : recording_.samples) {
    const auto came = std::count_if(left.begin(), left.end(), [&](const Recording::Item* item) {
      return end_of(item) <= sample.at - kAtOnce;
    });
    const std::int64_t backing_off =
        sample.nodes[node].backing_off - between_attempts(pauses, sample.at);
    for (; static_cast<std::int64_t>(in_line) < came - std::max<std::int64_t>(0, backing_off);
         ++in_line) {
      // Somewhere between the two samples.
      const Time from = std::max(before, end_of(left[in_line]));
      in_line_[left[in_line]] = from + (sample.at - from) / 2;
    }
    before = sample.at;
  }
}

Recording::Time OpenWaits::back_off_until(const Recording::Item& item) const {
  const auto found = in_line_.find(&item);
  return found == in_line_.end() ? item.ended : std::min(item.ended, found->second);
}

std::vector<NeverBegun> never_begun(const Recording& recording, const OpenWaits& waits,
                                    const std::vector<Causes>& causes) {
  const std::vector<std::int64_t> left = items_never_begun(recording);
  std::vector<NeverBegun> found(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    found[i].cause =
        waits.last_of(i).value_or(limit_waited_for(recording.graph.nodes[i], causes[i]));
    if (found[i].cause.limit.empty()) continue;
    found[i].items = left[i];
    found[i].waited = waited_in_all(recording, i);
    for (const auto& [cause, sum] : causes[i]) {
      if (is_of_limit(cause.kind)) found[i].waited -= sum;
    }
    found[i].waited = std::max<Time>(0, found[i].waited);
  }
  return found;
}

}  // namespace weir::view
