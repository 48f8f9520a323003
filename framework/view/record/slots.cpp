#include "view/record/slots.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdexcept>
#include <vector>

#include "spec/diagnostic.hpp"

namespace weir::view {

void read_slots(const Recording& recording, const std::string& text, Slots& slots) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  std::vector<std::string> names;
  for (const GraphLimit& limit : recording.graph.limits) {
    if (limit.slots) names.push_back(limit.name);
  }
  for (const GraphNode& node : recording.graph.nodes) {
    if (node.kind == "function" && node.work != "computes") names.push_back(node.name);
  }
  const bool is_there = std::find(names.begin(), names.end(), name) != names.end();
  const auto limit = std::find_if(recording.graph.limits.begin(), recording.graph.limits.end(),
                                  [&](const GraphLimit& one) { return one.name == name; });
  if (!is_there && limit != recording.graph.limits.end()) {
    throw std::invalid_argument(fmt::format(
        "limit '{}' has no slots, only {}, and what if can be asked of slots only: of {}", name,
        limit->interval ? "a rate" : "memory", fmt::join(names, ", ")));
  }
  if (!is_there) {
    throw std::invalid_argument(
        fmt::format("the run has no limit '{}', and no function that waits{}", name,
                    spec::did_you_mean(name, names)));
  }
  const std::string value = equals == text.npos ? "" : text.substr(equals + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (value == "unlimited") {
    slots[name] = std::nullopt;
  } else if (error == std::errc() && end == value.data() + value.size() && number > 0) {
    slots[name] = number;
  } else {
    throw std::invalid_argument(fmt::format(
        "'{}': what if {} had how many slots? It is {}=NUMBER, from 1 on, or {}=unlimited", text,
        name, name, name));
  }
}

std::vector<SlotsChange> changes_of_slots(const Recording& recording) {
  Slots now;
  for (const GraphLimit& limit : recording.graph.limits) now[limit.name] = limit.slots;
  for (const GraphNode& node : recording.graph.nodes) {
    if (node.kind == "function") now.try_emplace(node.name, node.limit);
  }
  const Slots planned = now;
  std::vector<SlotsChange> changes;
  Recording::Time before = 0;
  for (const Recording::Sample& sample : recording.samples) {
    if (!sample.limits) continue;
    // Those that are not there have the slots that they began with.
    Slots then = planned;
    for (const runtime::LimitStatus& limit : *sample.limits) then[limit.name] = limit.slots;
    for (const auto& [name, slots] : then) {
      // Somewhere between the two samples.
      if (slots && now[name] != slots) {
        changes.push_back({before + (sample.at - before) / 2, name, *slots});
      }
    }
    now = std::move(then);
    before = sample.at;
  }
  return changes;
}

}  // namespace weir::view
