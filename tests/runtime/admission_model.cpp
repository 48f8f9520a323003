#include "admission_model.hpp"

#include <algorithm>

namespace weir::test {

AdmissionModel::AdmissionModel(const std::vector<Admission::Settings>& limits) : limits_(limits) {
  for (std::size_t i = 0; i < limits.size(); ++i) by_name_[limits[i].name] = i;
}

void AdmissionModel::waits(int request, int party, const Admission::Needs& needs) {
  party_[request] = party;
  waiting_[request] = needs;
  for (const Admission::Need& need : needs) place(need).waiting.push_back(request);
}

void AdmissionModel::is_admitted(int request, Clock::Point now) {
  expect(!closed_, "{} is admitted after the end", request);
  expect(is_waiting(request), "{} is admitted and does not wait", request);
  expect(!is_halted(request), "{} is admitted and is halted", request);
  expect(!is_dismissed(request), "{} is admitted and has been dismissed", request);
  Admission::Needs needs = std::move(waiting_[request]);
  waiting_.erase(request);
  for (const Admission::Need& need : needs) {
    Place& at = place(need);
    const std::string& name = limits_[need.limit].name;
    const int first = first_at(at);
    expect(first == request, "{} overtakes {} at {} {}", request, first, name, need.key);
    expect(has_room(need), "{} finds no room at {} {}", request, name, need.key);
    expect(now >= at.paused_until, "{} starts during a pause of {} {}", request, name, need.key);
    check_rate(need, now);
    std::erase(at.waiting, request);
    at.taken += need.slots;
    at.memory += need.memory;
    ++at.running;
    at.starts.push_back(now);
  }
  running_[request] = std::move(needs);
}

void AdmissionModel::is_refused(int request) {
  expect(closed_ || is_dismissed(request), "{} is refused before the end", request);
  for (const Admission::Need& need : waiting_[request]) std::erase(place(need).waiting, request);
  waiting_.erase(request);
}

void AdmissionModel::gives_back(int request) {
  for (const Admission::Need& need : running_[request]) {
    Place& at = place(need);
    at.taken -= need.slots;
    at.memory -= need.memory;
    --at.running;
  }
  running_.erase(request);
}

void AdmissionModel::pause(std::size_t limit, const std::string& key, Clock::Point until) {
  if (closed_) return;
  Place& at = places_[{limit, key}];
  at.paused_until = std::max(at.paused_until, until);
}

bool AdmissionModel::is_halted(int request) const {
  const auto halts = halts_.find(party_.at(request));
  return halts != halts_.end() && halts->second > 0;
}

int AdmissionModel::first_at(const Place& at) const {
  const auto first = std::find_if(at.waiting.begin(), at.waiting.end(),
                                  [this](int request) { return !is_halted(request); });
  return first == at.waiting.end() ? -1 : *first;
}

bool AdmissionModel::has_room(const Admission::Need& need) {
  const Admission::Settings& limit = limits_[need.limit];
  const Place& at = place(need);
  if (limit.slots && at.taken + need.slots > *limit.slots &&
      (*limit.slots == 0 || at.taken > 0 || need.slots <= *limit.slots)) {
    return false;
  }
  return !limit.memory || at.memory + need.memory <= *limit.memory || at.memory == 0;
}

/// Every start counts from every earlier one: a row of them is as long as the rate says, but for a
/// quarter of the interval.
void AdmissionModel::check_rate(const Admission::Need& need, Clock::Point now) {
  if (!limits_[need.limit].interval) return;
  const Clock::Duration interval = *limits_[need.limit].interval;
  const std::vector<Clock::Point>& starts = place(need).starts;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto row = static_cast<std::int64_t>(starts.size() - i);
    expect(now - starts[i] >= interval * row - interval / 4, "{} starts at {} {} too often",
           row + 1, limits_[need.limit].name, need.key);
  }
}

void AdmissionModel::check(const std::vector<Admission::State>& states, Clock::Point now) {
  std::int64_t busy = 0;
  for (const Admission::State& state : states) {
    check_state(state, by_name_.at(state.name), now);
    if (state.waiting > 0 || state.running > 0) ++busy;
  }
  for (const auto& [name, at] : places_) {
    if (!at.waiting.empty() || at.running > 0) --busy;
  }
  expect(busy == 0, "a key is forgotten too early");
  for (const auto& [request, needs] : waiting_) {
    expect(!closed_ && !is_dismissed(request), "{} still waits after the end", request);
    expect(!could_go(request, now), "{} waits, and nothing is in its way", request);
  }
}

void AdmissionModel::check_state(const Admission::State& state, std::size_t limit,
                                 Clock::Point now) {
  const auto found = places_.find({limit, state.key});
  static const Place kUnused;
  const Place& at = found == places_.end() ? kUnused : found->second;
  const std::string where = state.name + " " + state.key;
  expect(state.slots == limits_[limit].slots, "the slots of {} are wrong", where);
  expect(state.taken == at.taken, "{} slots of {} are taken, not {}", at.taken, where, state.taken);
  expect(state.memory == at.memory, "{} bytes of {} are taken, not {}", at.memory, where,
         state.memory);
  expect(state.running == at.running, "{} run at {}, not {}", at.running, where, state.running);
  expect(state.waiting == static_cast<std::int64_t>(at.waiting.size()), "{} wait at {}, not {}",
         at.waiting.size(), where, state.waiting);
  if (!closed_ && now < at.paused_until) {
    expect(state.not_before >= at.paused_until, "the pause of {} is forgotten", where);
  }
  if (state.key.empty() || state.running > 0 || state.waiting > 0) return;
  Clock::Point needed = at.paused_until;
  if (limits_[limit].interval && !at.starts.empty()) {
    needed = std::max(needed, at.starts.back() + *limits_[limit].interval * 5 / 4);
  }
  expect(!closed_ && now <= needed, "the key {} is not forgotten", where);
}

/// Surely. The alarm for just now may not have rung yet.
bool AdmissionModel::could_go(int request, Clock::Point now) {
  if (is_halted(request)) return false;
  for (const Admission::Need& need : waiting_[request]) {
    const Place& at = place(need);
    if (first_at(at) != request || !has_room(need) || now <= at.paused_until) return false;
    const auto& interval = limits_[need.limit].interval;
    if (interval && !at.starts.empty() && now <= at.starts.back() + *interval) return false;
  }
  return true;
}

}  // namespace weir::test
