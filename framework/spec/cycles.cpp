#include "spec/cycles.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weir::spec {

namespace {

enum class State : std::uint8_t { unseen, on_path, done };

struct Step {
  std::size_t thing;
  std::size_t next_need = 0;
};

/// How many members all cycles may have together: n things can make n cycles of length n.
constexpr std::size_t most_members = 1'000'000;

Cycle cycle_on(const std::vector<Step>& path, std::size_t first, std::size_t& members_left) {
  Cycle cycle;
  cycle.closing = path.back().thing;
  cycle.need = path.back().next_need - 1;
  if (members_left < path.size()) return cycle;
  const auto begin = std::find_if(path.rbegin(), path.rend(),
                                  [first](const Step& step) { return step.thing == first; });
  for (auto step = begin.base() - 1; step != path.end(); ++step) {
    cycle.members.push_back(step->thing);
  }
  std::rotate(cycle.members.begin(), std::min_element(cycle.members.begin(), cycle.members.end()),
              cycle.members.end());
  members_left -= cycle.members.size();
  return cycle;
}

}  // namespace

Order order_by_needs(const Needs& needs) {
  Order result;
  std::vector<State> states(needs.size(), State::unseen);
  std::vector<Step> path;
  std::size_t members_left = most_members;
  for (std::size_t start = 0; start < needs.size(); ++start) {
    if (states[start] != State::unseen) continue;
    states[start] = State::on_path;
    path.push_back({start});
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next_need == needs[step.thing].size()) {
        states[step.thing] = State::done;
        result.order.push_back(step.thing);
        path.pop_back();
        continue;
      }
      const std::size_t needed = needs[step.thing][step.next_need++];
      if (states[needed] == State::on_path) {
        result.cycles.push_back(cycle_on(path, needed, members_left));
      } else if (states[needed] == State::unseen) {
        states[needed] = State::on_path;
        path.push_back({needed});
      }
    }
  }
  return result;
}

std::string cycle_text(const std::vector<std::string>& names) {
  constexpr std::size_t ends = 5;
  if (names.size() <= 2 * ends + 1) return fmt::format("{}", fmt::join(names, " → "));
  const auto middle = static_cast<std::ptrdiff_t>(ends);
  return fmt::format("{} → … ({} more) → {}",
                     fmt::join(names.begin(), names.begin() + middle, " → "),
                     names.size() - 2 * ends, fmt::join(names.end() - middle, names.end(), " → "));
}

}  // namespace weir::spec
