#include "samples.hpp"

#include <algorithm>

namespace weir::view::test {

Recording recording(std::int64_t first, std::int64_t second) {
  Recording recording;
  recording.id = "20261125-015240-images";
  recording.state = "done";
  recording.threads = 2;
  recording.cpus = 2;
  recording.max_in_flight["images"] = 1000;
  recording.graph.name = "images";
  recording.graph.nodes.resize(3);
  recording.graph.nodes[0] = {"images", "source", "list", "computes", {}, {}, {}, false};
  const auto function = [](const char* name, std::int64_t limit) {
    GraphNode node{name, "function", "run", "waits", {}, {}, {}, false};
    if (limit != 0) node.limit = limit;
    return node;
  };
  recording.graph.nodes[1] = function("build", first);
  recording.graph.nodes[2] = function("push", second);
  recording.graph.edges = {{0, "out", 1}, {1, "out", 2}};
  return recording;
}

std::size_t add(Recording& recording, std::size_t node, double arrived, double admitted,
                double ended, std::size_t parent) {
  const auto time = [](double seconds) { return static_cast<Recording::Time>(seconds * 1e9); };
  Recording::Item item;
  item.node = node;
  item.parent = parent;
  item.key.low = recording.items.size() + 1;
  item.seq = static_cast<std::int64_t>(recording.items.size() + 1);
  item.text = "item " + std::to_string(item.seq);
  item.arrived = time(arrived);
  item.ended = time(ended);
  item.state = journal::State::done;
  Recording::Attempt attempt;
  attempt.queued = time(arrived);
  attempt.admitted = attempt.started = time(admitted);
  attempt.ended = time(ended);
  attempt.state = journal::State::done;
  if (admitted > arrived) {
    attempt.held_by = recording.graph.nodes[node].name;
    attempt.held_for = "slots";
  }
  item.attempts.push_back(attempt);
  recording.items.push_back(item);
  recording.last = std::max(recording.last, item.ended);
  return recording.items.size() - 1;
}

void sample(Recording& recording, double seconds, Recording::Sample::Node first,
            Recording::Sample::Node second) {
  Recording::Sample sample;
  sample.at = static_cast<Recording::Time>(seconds * 1e9);
  sample.nodes = {{}, first, second};
  recording.samples.push_back(sample);
  recording.last = std::max(recording.last, sample.at);
}

void wait_for_limit(Recording& recording, const std::string& node, const std::string& name,
                    std::int64_t slots, bool pauses) {
  runtime::LimitStatus limit;
  limit.name = name;
  limit.is_own = node == name;
  limit.slots = slots;
  runtime::LimitState& state = limit.states.emplace_back();
  state.waiters = {{node, 1}};
  if (pauses) state.paused_for = 0;
  state.taken = pauses ? 0 : slots;
  recording.samples.back().limits = {limit};
}

Recording killed_in_a_pause() {
  Recording of = recording(0, 0);
  of.state = "crashed";
  of.graph.limits = {{"reg", 2, {}, "", {}}};
  of.graph.nodes[1].limits = {"reg"};
  for (int i = 0; i < 2; ++i) {
    Recording::Item& item = of.items[add(of, 1, 0, 0, 0.5)];
    item.state = item.attempts[0].state = journal::State::backing_off;
    item.is_open = true;
    item.ended = 6 * kSecond;
  }
  sample(of, 0.25, {8, 0, 0, 2, 6, 0, 0}, {});
  wait_for_limit(of, "build", "reg", 2, false);
  sample(of, 0.55, {8, 0, 0, 0, 6, 0, 2}, {});
  wait_for_limit(of, "build", "reg", 2, true);
  for (const double at : {0.75, 3.0, 6.0}) {
    sample(of, at, {8, 0, 0, 0, 8, 0, 0}, {});
    wait_for_limit(of, "build", "reg", 2, true);
  }
  return of;
}

Recording one_second_each(std::int64_t items, std::int64_t slots) {
  Recording to = recording(slots, 0);
  for (std::int64_t i = 0; i < items; ++i) {
    const auto begins = static_cast<double>(i / slots);
    add(to, 1, 0, begins, begins + 1);
  }
  return to;
}

}  // namespace weir::view::test
