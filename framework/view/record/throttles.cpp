#include "view/record/throttles.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace weir::view {
namespace {

using Time = Recording::Time;

/// What is let in within that is let in together.
constexpr Time kTogether = 2'000'000;

/// A limit, or one key of it.
struct Gate {
  struct Failure {
    Time at = 0;
    std::size_t item = 0;
    std::size_t attempt = 0;
  };
  std::vector<Time> admissions;
  std::vector<Time> after_pauses;  // of those that waited for the end of one
  std::vector<Failure> failures;
};

/// The limits of a node, with the keys of this attempt.
std::vector<std::pair<std::string, std::string>> gates_of(const GraphNode& node,
                                                          const Recording::Attempt& attempt) {
  std::vector<std::pair<std::string, std::string>> gates;
  for (const std::string& name : node.limits) gates.emplace_back(name, "");
  if (node.limit) gates.emplace_back(node.name, "");
  if (attempt.needs.empty()) return gates;
  const auto needs = nlohmann::json::parse(attempt.needs);
  for (const auto& need : needs) {
    for (auto& [name, key] : gates) {
      if (name == need.at(0).get<std::string>()) key = need.at(3).get<std::string>();
    }
  }
  return gates;
}

std::map<std::pair<std::string, std::string>, Gate> gates_of(const Recording& recording) {
  std::map<std::pair<std::string, std::string>, Gate> gates;
  for (std::size_t i = 0; i < recording.items.size(); ++i) {
    const Recording::Item& item = recording.items[i];
    for (std::size_t k = 0; k < item.attempts.size(); ++k) {
      const Recording::Attempt& attempt = item.attempts[k];
      const bool has_failed =
          k + 1 < item.attempts.size() || attempt.state == journal::State::failed;
      for (const auto& of : gates_of(recording.graph.nodes[item.node], attempt)) {
        Gate& gate = gates[of];
        gate.admissions.push_back(attempt.admitted);
        if (has_failed) gate.failures.push_back({attempt.ended, i, k});
        const bool paused = attempt.held_for == "pause" && attempt.held_by == of.first;
        if (paused) gate.after_pauses.push_back(attempt.admitted);
      }
    }
  }
  return gates;
}

/// A pause begins with the first failure behind which nothing more is let in until its end.
void add_pauses(Gate& gate, Throttles& throttles) {
  std::sort(gate.admissions.begin(), gate.admissions.end());
  std::sort(gate.after_pauses.begin(), gate.after_pauses.end());
  std::sort(gate.failures.begin(), gate.failures.end(),
            [](const Gate::Failure& a, const Gate::Failure& b) { return a.at < b.at; });
  for (const Time end : gate.after_pauses) {
    const auto next =
        std::lower_bound(gate.admissions.begin(), gate.admissions.end(), end - kTogether);
    const Time before = next == gate.admissions.begin() ? 0 : *std::prev(next);
    const auto first =
        std::lower_bound(gate.failures.begin(), gate.failures.end(), before,
                         [](const Gate::Failure& failure, Time time) { return failure.at < time; });
    if (first == gate.failures.end() || first->at >= end) continue;
    Time& pause = throttles[{first->item, first->attempt}];
    pause = std::max(pause, end - first->at);
  }
}

}  // namespace

Throttles throttles_of(const Recording& recording) {
  Throttles throttles;
  const bool any =
      std::any_of(recording.items.begin(), recording.items.end(), [](const Recording::Item& item) {
        return std::any_of(
            item.attempts.begin(), item.attempts.end(),
            [](const Recording::Attempt& attempt) { return attempt.held_for == "pause"; });
      });
  if (!any) return throttles;
  auto gates = gates_of(recording);
  for (auto& [unused, gate] : gates) add_pauses(gate, throttles);
  return throttles;
}

}  // namespace weir::view
