/// How the functions that wait or block stand, and their limits.

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/stations.hpp"

namespace weir::runtime {
namespace {

double seconds_until(Clock::Point at) {
  return std::max(0.0,
                  std::chrono::duration<double>(at - std::chrono::steady_clock::now()).count());
}

/// What has not entered the admission yet waits there all the same.
void add_lying(const Station& station, LimitState& to) {
  const std::int64_t lying = station.lying();
  if (lying == 0) return;
  to.waiting += lying;
  if (to.waiters.empty()) to.waiters.push_back({station.node().planned.name, 0});
  to.waiters.front().items += lying;
}

}  // namespace

void Stations::add_to(Status& status) const {
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (!stations_[i]) continue;
    NodeStatus& node = status.nodes[i];
    stations_[i]->add_to(node);
    node.waiting = std::max<std::int64_t>(0, node.waiting - node.backing_off);
  }
  const auto& groups = limits_.groups();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::size_t i = 0; i < groups[group].size(); ++i) {
      LimitStatus limit = limit_status(group, i);
      add_holders(limit);
      if (limit.is_own) {
        for (NodeStatus& node : status.nodes) {
          if (node.name == limit.name) node.limit = limit.slots;
        }
      }
      status.limits.push_back(std::move(limit));
    }
  }
}

std::vector<LimitStatus> Stations::limits_of_note() const {
  constexpr std::size_t kMostKeys = 10;
  std::vector<LimitStatus> limits;
  const auto& groups = limits_.groups();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::size_t i = 0; i < groups[group].size(); ++i) {
      LimitStatus limit = limit_status(group, i);
      std::vector<LimitState>& states = limit.states;
      std::erase_if(states, [](const LimitState& state) { return state.waiters.empty(); });
      std::stable_sort(states.begin(), states.end(), [](const LimitState& a, const LimitState& b) {
        return a.waiting > b.waiting;
      });
      if (states.size() > kMostKeys) states.resize(kMostKeys);
      const bool is_changed = limit.slots != groups[group][i].slots;
      if (is_changed || !states.empty()) limits.push_back(std::move(limit));
    }
  }
  return limits;
}

/// One limit of a group, whatever its keys; nobody holds it.
LimitStatus Stations::limit_status(std::size_t group, std::size_t index) const {
  const Admission::Settings& settings = limits_.groups()[group][index];
  LimitStatus limit;
  limit.name = settings.name;
  limit.slots = settings.slots;
  limit.memory = settings.memory;
  if (settings.interval) limit.interval = std::chrono::duration<double>(*settings.interval).count();
  const auto named = std::find_if(plan_.limits.begin(), plan_.limits.end(),
                                  [&](const auto& of) { return of.name == settings.name; });
  limit.is_own = named == plan_.limits.end();
  if (!limit.is_own && named->per) limit.per = named->per->source();
  for (const Admission::State& state : admissions_[group]->states()) {
    if (state.name != settings.name) continue;
    limit.slots = state.slots;
    if (!limit.per.empty() && state.key.empty()) continue;  // it has no keys at present
    LimitState& to = limit.states.emplace_back();
    to.key = state.key;
    to.taken = state.taken;
    to.memory_taken = state.memory;
    to.running = state.running;
    to.waiting = state.waiting;
    if (state.not_before) {
      (state.paused ? to.paused_for : to.next_start) = seconds_until(*state.not_before);
    }
    for (const auto& [owner, items] : state.waiters) to.waiters.push_back({owner, items});
    for (const auto& station : stations_) {
      const bool is_its = station && limit.is_own && station->node().planned.name == limit.name;
      if (is_its) add_lying(*station, to);
    }
  }
  return limit;
}

void Stations::add_holders(LimitStatus& limit) const {
  for (LimitState& state : limit.states) {
    for (const auto& station : stations_) {
      if (station) station->add_holders(limit.name, state.key, state.holders);
    }
    std::stable_sort(state.holders.begin(), state.holders.end(),
                     [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
    if (state.holders.size() > kMostShown) state.holders.resize(kMostShown);
  }
}

}  // namespace weir::runtime
