#include "view/record/account.hpp"

#include <fmt/format.h>
#include <utility>

namespace weir::view {
namespace {

/// Adds one part behind another.
class Row {
 public:
  explicit Row(Recording::Time begin) : at_(begin) {}

  void until(Recording::Time end, Cause cause, std::size_t attempt) {
    if (end <= at_) return;
    parts_.push_back({cause, attempt, at_, end});
    at_ = end;
  }
  std::vector<Part> take() { return std::move(parts_); }

 private:
  Recording::Time at_;
  std::vector<Part> parts_;
};

}  // namespace

std::string to_string(const Cause& cause) {
  const auto of = [&](const char* what) {
    return cause.limit.empty() ? std::string(what) : fmt::format("{} {}", what, cause.limit);
  };
  switch (cause.kind) {
    case Cause::Kind::handed_on:
      return "handed on";
    case Cause::Kind::ordered:
      return "ordered";
    case Cause::Kind::queue:
      return "queue";
    case Cause::Kind::limit:
      return of("limit");
    case Cause::Kind::memory:
      return of("memory");
    case Cause::Kind::rate:
      return of("rate");
    case Cause::Kind::pause:
      return of("pause");
    case Cause::Kind::worker:
      return "worker";
    case Cause::Kind::run:
      return "run";
    case Cause::Kind::back_off:
      return "back-off";
  }
  return "?";
}

std::optional<Cause> wait_for(std::string_view held_for, std::string_view held_by) {
  if (held_for == "room") return Cause{Cause::Kind::queue};
  if (held_by.empty()) return std::nullopt;
  if (held_for == "memory") return Cause{Cause::Kind::memory, held_by};
  if (held_for == "rate") return Cause{Cause::Kind::rate, held_by};
  if (held_for == "pause") return Cause{Cause::Kind::pause, held_by};
  return Cause{Cause::Kind::limit, held_by};
}

bool is_of_limit(Cause::Kind kind) {
  return kind == Cause::Kind::limit || kind == Cause::Kind::memory || kind == Cause::Kind::rate ||
         kind == Cause::Kind::pause;
}

Account::Account(const Recording& recording)
    : recording_(recording), capacities_(capacities_before(recording.graph)) {}

Cause::Kind Account::way_to(const Recording::Item& item) const {
  const Recording::Item& parent = recording_.items[item.parent];
  if (recording_.graph.nodes[parent.node].ordered) return Cause::Kind::ordered;
  return capacities_[item.node] ? Cause::Kind::queue : Cause::Kind::handed_on;
}

std::vector<Part> Account::parts(const Recording::Item& item) const {
  const bool has_parent = item.parent != Recording::kNone;
  Row row(has_parent ? recording_.items[item.parent].ended : item.arrived);
  if (has_parent) row.until(item.arrived, {way_to(item)}, 0);
  for (std::size_t i = 0; i < item.attempts.size(); ++i) {
    const Recording::Attempt& attempt = item.attempts[i];
    if (i > 0) row.until(attempt.queued, {Cause::Kind::back_off}, i);
    if (const auto cause = wait_for(attempt.held_for, attempt.held_by)) {
      row.until(attempt.admitted, *cause, i);
    }
    row.until(attempt.started, {Cause::Kind::worker}, i);
    row.until(attempt.ended, {Cause::Kind::run}, i);
  }
  if (item.state == journal::State::backing_off || item.state == journal::State::cancelled) {
    row.until(item.ended, {Cause::Kind::back_off}, item.attempts.size() - 1);
  }
  return row.take();
}

Where where_time_went(const Recording& recording) {
  const Account account(recording);
  Where where;
  where.nodes.resize(recording.graph.nodes.size());
  for (const Recording::Item& item : recording.items) {
    for (const Part& part : account.parts(item)) {
      where.nodes[item.node][part.cause] += part.end - part.begin;
      where.all += part.end - part.begin;
    }
  }
  return where;
}

}  // namespace weir::view
