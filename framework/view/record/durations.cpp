#include "view/record/durations.hpp"

#include <algorithm>
#include <iterator>

namespace weir::view {
namespace {

/// With this share of all processors in use, those who want one wait for it now and then.
constexpr double kBusy = 0.8;

}  // namespace

Durations::Durations(const Recording& recording) : recording_(recording) {
  std::vector<std::pair<Recording::Time, double>> changes;  // of how many processors are in use
  for (const Recording::Item& item : recording.items) {
    for (const Recording::Attempt& attempt : item.attempts) {
      const Recording::Time took = attempt.ended - attempt.started;
      if (!attempt.cpu || *attempt.cpu <= 0 || took <= 0) continue;
      const double share =
          static_cast<double>(std::min(*attempt.cpu, took)) / static_cast<double>(took);
      changes.emplace_back(attempt.started, share);
      changes.emplace_back(attempt.ended, -share);
    }
  }
  std::sort(changes.begin(), changes.end());
  const double busy = kBusy * std::max(1, recording.cpus);
  double used = 0;
  Recording::Time sum = 0;
  Recording::Time at = 0;
  for (const auto& [moment, change] : changes) {
    if (used >= busy) sum += moment - at;
    at = moment;
    used += change;
    crowded_.emplace_back(at, sum);
  }
}

Recording::Time Durations::crowded_until(Recording::Time at) const {
  const auto after = std::upper_bound(
      crowded_.begin(), crowded_.end(), at,
      [](Recording::Time time, const auto& moment) { return time < moment.first; });
  if (after == crowded_.begin()) return 0;
  const auto before = std::prev(after);
  if (after == crowded_.end() || after->second == before->second) return before->second;
  return before->second + (at - before->first);
}

Durations::Of Durations::of(std::size_t item, std::size_t attempt) const {
  const Recording::Attempt& of = recording_.items[item].attempts[attempt];
  const Recording::Time took = std::max<Recording::Time>(0, of.ended - of.admitted);
  const Recording::Time works = std::clamp<Recording::Time>(of.cpu.value_or(0), 0, took);
  const Recording::Time rest = took - works;
  if (works == 0 || rest == 0) return {works, rest};
  const Recording::Time crowded = crowded_until(of.ended) - crowded_until(of.admitted);
  const double share = static_cast<double>(crowded) / static_cast<double>(took);
  return {works, static_cast<Recording::Time>(static_cast<double>(rest) * (1 - share))};
}

}  // namespace weir::view
