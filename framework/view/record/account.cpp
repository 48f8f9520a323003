#include "view/record/account.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace weir::view {
namespace {

Part::Kind wait_of(const Recording::Attempt& attempt) {
  if (attempt.held_for == "memory") return Part::Kind::memory;
  if (attempt.held_for == "rate") return Part::Kind::rate;
  if (attempt.held_for == "pause") return Part::Kind::pause;
  return Part::Kind::limit;
}

/// Adds one part behind another.
class Row {
 public:
  explicit Row(Recording::Time begin) : at_(begin) {}

  void until(Recording::Time end, Part::Kind kind, std::size_t attempt,
             const std::string* limit = nullptr) {
    if (end <= at_) return;
    parts_.push_back({kind, attempt, at_, end, limit});
    at_ = end;
  }
  std::vector<Part> take() { return std::move(parts_); }

 private:
  Recording::Time at_;
  std::vector<Part> parts_;
};

}  // namespace

std::string to_string(const Part& part) {
  const auto of = [&](const char* what) {
    return part.limit == nullptr ? std::string(what) : what + (" " + *part.limit);
  };
  switch (part.kind) {
    case Part::Kind::handed_on:
      return "handed on";
    case Part::Kind::ordered:
      return "ordered";
    case Part::Kind::queue:
      return "queue";
    case Part::Kind::limit:
      return of("limit");
    case Part::Kind::memory:
      return of("memory");
    case Part::Kind::rate:
      return of("rate");
    case Part::Kind::pause:
      return of("pause");
    case Part::Kind::worker:
      return "worker";
    case Part::Kind::run:
      return "run";
    case Part::Kind::back_off:
      return "back-off";
  }
  return "?";
}

Account::Account(const Recording& recording)
    : recording_(recording), behind_bounded_(recording.graph.nodes.size()) {
  for (const GraphEdge& edge : recording.graph.edges) {
    const GraphNode& from = recording.graph.nodes[edge.from];
    if (from.kind == "queue" && from.capacity) behind_bounded_[edge.to] = true;
  }
}

Part::Kind Account::way_to(const Recording::Item& item) const {
  const Recording::Item& parent = recording_.items[item.parent];
  if (recording_.graph.nodes[parent.node].ordered) return Part::Kind::ordered;
  return behind_bounded_[item.node] ? Part::Kind::queue : Part::Kind::handed_on;
}

std::vector<Part> Account::parts(const Recording::Item& item) const {
  const bool has_parent = item.parent != Recording::kNone;
  Row row(has_parent ? recording_.items[item.parent].ended : item.arrived);
  if (has_parent) row.until(item.arrived, way_to(item), 0);
  for (std::size_t i = 0; i < item.attempts.size(); ++i) {
    const Recording::Attempt& attempt = item.attempts[i];
    if (i > 0) row.until(attempt.queued, Part::Kind::back_off, i);
    if (!attempt.held_by.empty()) {
      row.until(attempt.admitted, wait_of(attempt), i, &attempt.held_by);
    }
    row.until(attempt.started, Part::Kind::worker, i);
    row.until(attempt.ended, Part::Kind::run, i);
  }
  if (item.state == journal::State::backing_off || item.state == journal::State::cancelled) {
    row.until(item.ended, Part::Kind::back_off, item.attempts.size() - 1);
  }
  return row.take();
}

Where where_time_went(const Recording& recording) {
  const Account account(recording);
  // Few causes: names are made once for each.
  std::map<std::tuple<std::size_t, Part::Kind, std::string_view>, Recording::Time> sums;
  for (const Recording::Item& item : recording.items) {
    for (const Part& part : account.parts(item)) {
      const std::string_view limit = part.limit == nullptr ? std::string_view() : *part.limit;
      sums[{item.node, part.kind, limit}] += part.end - part.begin;
    }
  }
  Where where;
  where.nodes.resize(recording.graph.nodes.size());
  for (const auto& [cause, time] : sums) {
    const auto& [node, kind, name] = cause;
    const std::string limit(name);
    const double seconds = static_cast<double>(time) / 1e9;
    where.nodes[node][to_string(Part{kind, 0, 0, 0, limit.empty() ? nullptr : &limit})] += seconds;
    where.seconds += seconds;
  }
  return where;
}

}  // namespace weir::view
