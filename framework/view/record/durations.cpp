#include "view/record/durations.hpp"

#include <algorithm>
#include <iterator>

namespace weir::view {
namespace {

/// With this share of all processors in use, those who want one wait for it now and then.
constexpr double kBusy = 0.8;
/// The same for the whole machine, whoever uses it.
constexpr double kIdle = 0.1;

/// Who uses less of the time is not counted among those who want a processor.
constexpr double kWants = 0.02;

struct Change {
  Recording::Time at = 0;
  double used = 0;  // processors
  int wanted = 0;
};

std::vector<Change> changes_of(const Recording& recording) {
  std::vector<Change> changes;
  for (const Recording::Item& item : recording.items) {
    for (const Recording::Attempt& attempt : item.attempts) {
      const Recording::Time took = attempt.ended - attempt.started;
      if (!attempt.cpu || *attempt.cpu <= 0 || took <= 0) continue;
      const double share =
          static_cast<double>(std::min(*attempt.cpu, took)) / static_cast<double>(took);
      const int wants = share >= kWants ? 1 : 0;
      changes.push_back({attempt.started, share, wants});
      changes.push_back({attempt.ended, -share, -wants});
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

}  // namespace

Durations::Durations(const Recording& recording)
    : recording_(recording), processors_(std::max(1, recording.cpus)) {
  const double most = processors_;
  double used = 0;
  double used_when_crowded = 0;
  int wanted = 0;
  Recording::Time sum = 0;
  Recording::Time at = 0;
  for (const Change& change : changes_of(recording)) {
    const Recording::Time lasted = change.at - at;
    if (wanted >= most && (used >= kBusy * most || !is_idle(at + lasted / 2))) {
      sum += lasted;
      used_when_crowded += used * static_cast<double>(lasted);
    }
    at = change.at;
    used += change.used;
    wanted += change.wanted;
    crowded_.emplace_back(at, sum);
  }
  // Else too little is known of it.
  if (sum * 5 >= recording.last && sum > 0) {
    processors_ = std::clamp(used_when_crowded / static_cast<double>(sum), most / 8, most);
  }
}

/// Whether the machine had processors to spare; called for one moment behind the other.
bool Durations::is_idle(Recording::Time at) {
  const std::vector<Recording::Sample>& samples = recording_.samples;
  while (sample_ < samples.size() && samples[sample_].at < at) ++sample_;
  return sample_ == samples.size() || samples[sample_].idle.value_or(1) >= kIdle;
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
