#include "runtime/station.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <stdexcept>

#include <weir/loop.hpp>
#include <weir/units.hpp>

#include "data/batches.hpp"
#include "journal/time.hpp"
#include "runtime/item_visit.hpp"

namespace weir::runtime {
namespace {

std::int64_t weight_of(const Template& weight, const Item& item) {
  const std::string text = weight.render(item);
  std::int64_t slots = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), slots);
  if (error != std::errc() || end != text.data() + text.size() || slots < 1) {
    throw std::runtime_error(
        fmt::format("weight: '{}' is not a whole number of slots, from 1 on", text));
  }
  return slots;
}

std::int64_t memory_of(const Template& memory, const Item& item) {
  const std::string text = memory.render(item);
  const auto size = parse_size(text);
  if (!size || size->bytes > static_cast<std::uint64_t>(INT64_MAX)) {
    throw std::runtime_error(fmt::format("memory: '{}' is not a size, such as 512MiB", text));
  }
  return static_cast<std::int64_t>(size->bytes);
}

}  // namespace

Station::Station(Node& node, Admission& admission, Limits limits, Clock& clock, Executor& executor,
                 ThreadPool* threads, StationRecords& records)
    : node_(node),
      limits_(std::move(limits)),
      visits_(admission, clock,
              {node.planned.retry.attempts, node.planned.retry.first, node.planned.retry.longest,
               std::random_device()()}),
      backlog_(limits_.own && limits_.named.empty() && !records.may_settle()
                   ? std::make_unique<Backlog>()
                   : nullptr),
      executor_(executor),
      threads_(threads),
      records_(records),
      policy_(node.planned),
      is_watched_(records.has_logs() || node.control.observer().watches_items() ||
                  node.control.observer().shows_output()) {
  node.on_enough = [this] {
    node_.control.work_begins();
    executor_.execute(dismissal_);
  };
}

void Station::Dismissal::run() noexcept {
  of.visits_.dismiss();
  of.node_.control.work_ends();
}

void Station::arrive(Message message) noexcept {
  if (!backlog_) return (new ItemVisit(*this, message))->begin();
  node_.control.work_begins();  // before anybody can take it, and be done with it
  backlog_->put({message, records_.is_followed() ? journal::now_ns() : 0});
  enter_line();
}

/// As much of the backlog as there is a place for.
void Station::enter_line() noexcept {
  Backlog::Entry entry;
  for (bool goes_on = false; backlog_->take(entry, goes_on); goes_on = true) {
    enter_each(entry);
    node_.control.work_ends();
  }
}

void Station::enter_each(const Backlog::Entry& entry) noexcept {
  Message single = entry.message;
  abi::BatchPtr batch(single.batch);
  const std::uint32_t items = batch->count;
  try {
    data::in_pieces(std::move(batch), 1, [&](abi::BatchPtr piece) noexcept {
      single.batch = piece.release();
      backlog_->enters();
      (new ItemVisit(*this, single, entry.arrived_ns))->begin();
      ++single.first;
    });
  } catch (...) {
    node_.control.fail(node_.planned.name,
                       "an item can't be brought to it: " + abi::what_was_thrown());
    node_.accounts.leave(node_.control.shard(), 0, items);
    node_.conclude(entry.message.first, items, {}, nullptr);
  }
}

void Station::left_line() noexcept {
  if (backlog_->leaves()) enter_line();
}

Admission::Needs Station::needs_of(const Item& item) const {
  const compile::PlannedNode& planned = node_.planned;
  const std::int64_t slots = planned.weight ? weight_of(*planned.weight, item) : 1;
  const std::int64_t memory = planned.memory ? memory_of(*planned.memory, item) : 0;
  Admission::Needs needs;
  for (const Limits::Named& named : limits_.named) {
    const compile::PlannedLimit& limit = *named.planned;
    Admission::Need& need = needs.emplace_back();
    need.limit = named.index;
    if (limit.per) {
      need.key = limit.per->render(item);
      if (need.key.empty()) need.key = "(empty)";
    }
    if (limit.slots) need.slots = slots;
    if (limit.memory) need.memory = memory;
    const bool is_too_heavy = limit.slots && slots > *limit.slots &&
                              slots > visits_.admission().slots(named.index).value_or(0);
    if (is_too_heavy) {  // for what the file says, and what it has been set to since
      throw std::runtime_error(
          fmt::format("its weight is {}, and the limit {} has {} slots: it can never run", slots,
                      limit.name, *limit.slots));
    }
    if (limit.memory && memory > static_cast<std::int64_t>(*limit.memory)) {
      throw std::runtime_error(
          fmt::format("it needs {} of memory, and the limit {} has {}: it can never run",
                      format_size(Size{static_cast<std::uint64_t>(memory)}), limit.name,
                      format_size(Size{*limit.memory})));
    }
  }
  if (limits_.own) needs.emplace_back().limit = *limits_.own;
  return needs;
}

void Station::pause(const Item& item, std::chrono::nanoseconds pause) noexcept {
  try {
    const Clock::Point until = visits_.clock().now() + pause;
    std::string names;
    for (const Admission::Need& need : needs_of(item)) {
      // A function's own limit rests only if it has no other.
      if (!limits_.named.empty() && need.limit == limits_.own) continue;
      visits_.admission().pause(need.limit, need.key, until);
      if (!names.empty()) names += ", ";
      names += visits_.admission().settings()[need.limit].name;
      if (!need.key.empty()) names += " (" + need.key + ")";
    }
    // Those that ran beside it will say the same.
    const Clock::Point before = paused_until_.exchange(until);
    if (before > visits_.clock().now()) return;
    node_.control.observer().note(
        node_.planned.name,
        fmt::format("throttled: limit {} pauses for {}", names, format_duration(pause)));
  } catch (const std::exception&) {
    // No memory for it: the next one that fails asks again.
  }
}

std::list<Station::InWork>::iterator Station::begin_work(InWork item) {
  const std::lock_guard lock(in_work_mutex_);
  return in_work_.insert(in_work_.end(), std::move(item));
}

void Station::note_line(std::list<InWork>::iterator item, const std::string& line) {
  const std::lock_guard lock(in_work_mutex_);
  item->last_line = line;
}

void Station::hold_back(std::list<InWork>::iterator item) noexcept {
  const std::lock_guard lock(in_work_mutex_);
  item->is_held_back = true;
}

void Station::go_on(std::list<InWork>::iterator item, Clock::Duration held_back) noexcept {
  const std::lock_guard lock(in_work_mutex_);
  item->is_held_back = false;
  item->held_back = held_back;
}

void Station::end_work(std::list<InWork>::iterator item) noexcept {
  std::list<InWork> ended;  // destroyed outside of the lock
  const std::lock_guard lock(in_work_mutex_);
  ended.splice(ended.end(), in_work_, item);
}

void Station::add_to(NodeStatus& status) const {
  status.backing_off = static_cast<std::int64_t>(visits_.backing_off());
  status.halted = visits_.admission().is_halted(visits_.party());
  status.held_back = held_back_.load(std::memory_order_relaxed);
  const Clock::Point now = visits_.clock().now();
  if (const auto next = visits_.next_attempt()) {
    const double seconds = std::chrono::duration<double>(*next - now).count();
    status.next_attempt = std::max(0.0, seconds);
  }
  const std::lock_guard lock(in_work_mutex_);
  for (const InWork& item : in_work_) {
    if (item.is_held_back) continue;
    if (status.items.size() == kMostShown) break;
    const double seconds = std::chrono::duration<double>(now - item.began - item.held_back).count();
    status.items.push_back(
        {item.text, item.key, item.number, seconds, item.attempt, item.last_line});
  }
}

void Station::add_holders(const std::string& limit, const std::string& key,
                          std::vector<HolderStatus>& holders) const {
  const std::vector<Admission::Settings>& settings = visits_.admission().settings();
  std::size_t at = 0;
  while (at < limits_.named.size() && settings[limits_.named[at].index].name != limit) ++at;
  const bool is_own = limits_.own && settings[*limits_.own].name == limit;
  if (at == limits_.named.size() && !is_own) return;
  const Clock::Point now = visits_.clock().now();
  const std::lock_guard lock(in_work_mutex_);
  for (const InWork& item : in_work_) {
    if (!is_own && at < item.limit_keys.size() && item.limit_keys[at] != key) continue;
    holders.push_back(
        {node_.planned.name, item.text, std::chrono::duration<double>(now - item.began).count()});
    if (holders.size() == 2 * kMostShown) break;
  }
}

}  // namespace weir::runtime
