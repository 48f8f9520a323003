#include "view/record/account.hpp"

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

Account::Account(const Recording& recording)
    : recording_(recording),
      capacities_(capacities_before(recording.graph)),
      open_waits_(recording) {}

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
  if (waits_for_another(item)) {
    const std::size_t last = item.attempts.size() - 1;
    row.until(open_waits_.back_off_until(item), {Cause::Kind::back_off}, last);
    row.until(item.ended, open_waits_.last_of(item.node).value_or(Cause{Cause::Kind::back_off}),
              last);
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
  where.never_begun = never_begun(recording, account.open_waits(), where.nodes);
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    const NeverBegun& others = where.never_begun[i];
    if (others.waited > 0) where.nodes[i][others.cause] += others.waited;
    where.all += others.waited;
  }
  return where;
}

}  // namespace weir::view
