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

Recording one_second_each(std::int64_t items, std::int64_t slots) {
  Recording to = recording(slots, 0);
  for (std::int64_t i = 0; i < items; ++i) {
    const auto begins = static_cast<double>(i / slots);
    add(to, 1, 0, begins, begins + 1);
  }
  return to;
}

}  // namespace weir::view::test
