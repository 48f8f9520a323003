#include "view/record/durations.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace weir::view {
namespace {

/// With this share of all processors in use, those who want one wait for it now and then.
constexpr double kBusy = 0.8;
/// The same for the whole machine, whoever uses it.
constexpr double kIdle = 0.1;
/// Who uses less of the time is not counted among those who want a processor.
constexpr double kWants = 0.05;
/// A replay that is as good as this needs no better one. The first has more allowance: where there
/// is no processor to spare, what is left out makes little difference to it.
constexpr double kNear = 0.005;
constexpr double kNearAtFirst = 0.03;
constexpr int kMostReplays = 8;

}  // namespace

struct Durations::Change {
  Recording::Time at = 0;
  double used = 0;  // processors
  int wanted = 0;

  static std::vector<Change> all_of(const Recording& recording);
};

std::vector<Durations::Change> Durations::Change::all_of(const Recording& recording) {
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
  // Between two of them, what is known of the machine does not change either.
  for (const Recording::Sample& sample : recording.samples) changes.push_back({sample.at, 0, 0});
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

Durations::Durations(const Recording& recording)
    : recording_(recording), processors_(std::max(1, recording.cpus)) {
  find_crowds(Change::all_of(recording));
}

void Durations::find_crowds(const std::vector<Change>& changes) {
  const double most = processors_;
  double had = 0;  // processors, times the time that they were had
  Recording::Time had_for = 0;
  double used = 0;
  int wanted = 0;
  Recording::Time crowded = 0;
  Recording::Time full = 0;
  Recording::Time at = 0;
  for (const Change& change : changes) {
    const Recording::Time lasted = change.at - at;
    const std::optional<double> idle = idle_at(at + lasted / 2);
    const bool machine_is_full = idle && *idle < kIdle;
    const bool all_wanted = wanted >= most && (used >= kBusy * most || machine_is_full);
    if (all_wanted || wanted > most) crowded += lasted;
    if (all_wanted) full += lasted;
    if (idle && (wanted >= most || (machine_is_full && wanted > 0))) {
      had_for += lasted;
      // What nobody used could have been had too: commands that sleep in between don't want it.
      // Others who have the rest of a full machine are not expected to give any of it away.
      had += (wanted >= most ? used + *idle * most : wanted) * static_cast<double>(lasted);
    }
    at = change.at;
    used += change.used;
    wanted += change.wanted;
    crowded_.emplace_back(at, crowded);
  }
  left_out_ = full * 2 >= crowded ? 1 : 0;
  // Else too little is known of it.
  if (had_for * 5 < recording_.last || had_for == 0) return;
  processors_ = std::clamp(had / static_cast<double>(had_for), most / 8, most);
}

/// The share of all processors that nobody used, if it is known; called for one moment behind the
/// other.
std::optional<double> Durations::idle_at(Recording::Time at) {
  const std::vector<Recording::Sample>& samples = recording_.samples;
  while (sample_ < samples.size() && samples[sample_].at < at) ++sample_;
  return sample_ == samples.size() ? std::nullopt : samples[sample_].idle;
}

void Durations::fit(double seconds, const std::function<double()>& replay) {
  if (crowded_.empty() || crowded_.back().second == 0 || seconds <= 0) return;
  // The more is left out the less a replay takes.
  double least = 0;
  double most = 1;
  for (int i = 0; i < kMostReplays; ++i) {
    const double off = replay() / seconds - 1;
    if (std::abs(off) < kNear) return;
    // Nor is there a better one if it is off to the side where nothing can be done.
    if (i == 0 && (left_out_ == 1 ? off > -kNearAtFirst : off < kNearAtFirst)) return;
    (off > 0 ? least : most) = left_out_;
    left_out_ = (least + most) / 2;
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
  return {works, static_cast<Recording::Time>(static_cast<double>(rest) * (1 - share * left_out_))};
}

}  // namespace weir::view
