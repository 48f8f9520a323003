#include "view/graph/run_marks.hpp"

#include <algorithm>
#include <map>

#include "journal/time.hpp"
#include "view/bounds_of_node.hpp"
#include "view/end_counts.hpp"
#include "view/node_counts.hpp"
#include "view/record/bottleneck.hpp"
#include "view/runs.hpp"
#include "view/status_json.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::Status;

const runtime::SourceStatus* source_of(const Status& status, const std::string& node) {
  for (const runtime::SourceStatus& source : status.sources) {
    if (source.node == node) return &source;
  }
  return nullptr;
}

/// Nothing more will come of it. The nodes that it reads have their states.
bool is_over(const Status& status, const NodeStatus& node, const Marks& marks) {
  if (node.kind == "source") {
    const runtime::SourceStatus* source = source_of(status, node.name);
    return source != nullptr && source->ended;
  }
  if (node.running + pending(node) + node.backing_off > 0) return false;
  if (node.in > ended(node)) return false;
  return std::all_of(node.reads.begin(), node.reads.end(), [&](const std::string& name) {
    const NodeMarks* read = find_marks(&marks, name);
    return read != nullptr && (read->state == "done" || read->state == "failed");
  });
}

std::string state_of(const Status& status, const NodeStatus& node, const Marks& marks) {
  if (is_over(status, node, marks)) return node.failed > 0 ? "failed" : "done";
  if (node.kind == "source") {
    const runtime::SourceStatus* source = source_of(status, node.name);
    return source != nullptr && source->held_back ? "held" : "running";
  }
  if (is_full(node)) return "held";
  if (node.running > 0) return "running";
  if (pending(node) > 0) return limits_text(status, node).empty() ? "waiting" : "held";
  return node.backing_off > 0 ? "waiting" : "idle";
}

/// What the record says held it back; where it can't be read, nothing.
void mark_bottleneck(const Recording& recording, Marks& marks) {
  const Bottleneck bottleneck = bottleneck_of(recording, where_time_went(recording));
  for (const std::string& name : bottleneck.nodes) {
    const auto found = marks.nodes.find(name);
    if (found == marks.nodes.end()) continue;
    found->second.is_bottleneck = true;
    found->second.note = bottleneck.text;
  }
}

std::string state_at_the_end(const NodeMarks& node) {
  if (node.cancelled + node.cut_off + node.waiting > 0) return "stopped";
  if (node.failed > 0) return "failed";
  return node.in == 0 ? "idle" : "done";
}

void take_summary(const std::map<std::string, EndCounts>& counts, Marks& marks) {
  for (const auto& [name, from] : counts) {
    NodeMarks& node = marks.nodes[name];
    node.in = from.in;
    node.done = from.done;
    node.failed = from.failed;
    node.cancelled = from.cancelled;
    node.busy_seconds = from.busy_seconds;
    node.state = state_at_the_end(node);
  }
}

/// Of all runs in the directory: what an earlier one has done, the last one has not begun again.
void count_rows(const journal::History& history, const std::string& name, NodeMarks& node) {
  std::vector<const journal::Row*> rows = history.rows(name);
  std::erase_if(rows, [](const journal::Row* row) { return row->is_gone; });
  if (rows.empty()) return;
  node.done = node.failed = node.cancelled = 0;
  for (const journal::Row* row : rows) {
    switch (row->state) {
      case journal::State::done:
        ++node.done;
        break;
      case journal::State::failed:
        ++node.failed;
        break;
      case journal::State::cancelled:
        ++node.cancelled;
        break;
      case journal::State::running:
        ++node.cut_off;
        break;
      case journal::State::backing_off:  // waits
        break;
    }
  }
  node.in = std::max(node.in, static_cast<std::int64_t>(rows.size()));
}

void take_record(const journal::RunDirectory& run, const Recording& recording, const Graph& graph,
                 Marks& marks) {
  const journal::History history = journal::History::load(run.database());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const std::string& name = graph.nodes[i].name;
    NodeMarks& node = marks.nodes[name];
    if (!recording.samples.empty() && i < recording.samples.back().nodes.size()) {
      const Recording::Sample::Node& last = recording.samples.back().nodes[i];
      node.in = last.in;
      // A sample has what lies in a queue as done by it.
      const std::int64_t lying = graph.nodes[i].kind == "queue" ? last.waiting : 0;
      node.done = std::max<std::int64_t>(0, last.done - lying);
      node.failed = last.failed;
    }
    count_rows(history, name, node);
    const bool is_source = graph.nodes[i].kind == "source";
    const std::int64_t ended = node.done + node.failed + node.cancelled + node.cut_off;
    node.waiting = is_source ? 0 : std::max<std::int64_t>(0, node.in - ended);
    node.state = is_source ? "stopped" : state_at_the_end(node);
  }
}

}  // namespace

Marks marks_of(const Status& status) {
  Marks marks{status.id, state_of(status), status.seconds, {}};
  for (const NodeStatus& from : status.nodes) {
    NodeMarks& node = marks.nodes[from.name];
    node.in = from.in;
    node.done = from.done;
    node.failed = from.failed;
    node.cancelled = from.cancelled;
    node.running = from.running;
    node.waiting = pending(from) + from.backing_off;
    node.state = state_of(status, from, marks);
  }
  bool is_first = true;
  for (const Finding& finding : findings(status)) {
    for (const std::string& name : finding.nodes) {
      const auto node = marks.nodes.find(name);
      if (node == marks.nodes.end()) continue;
      if (!node->second.note.empty()) node->second.note += "; ";
      node->second.note += finding.reason;
      node->second.is_bottleneck |= is_first && finding.is_bottleneck;
    }
    is_first = false;
  }
  return marks;
}

Marks marks_of(const journal::RunDirectory& run, const Graph& graph) {
  const RunStatus status = status_of(run, journal::now_ns());
  Marks marks{run.id(), status.state, status.seconds, {}};
  const Recording recording = load_recording(run.path().string(), {});
  if (const auto counts = end_counts(run)) {
    take_summary(*counts, marks);
  } else {
    take_record(run, recording, graph, marks);
  }
  mark_bottleneck(recording, marks);
  return marks;
}

}  // namespace weir::view
