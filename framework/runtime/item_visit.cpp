#include "runtime/item_visit.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include <weir/loop.hpp>

#include "journal/time.hpp"
#include "runtime/attempt.hpp"

namespace weir::runtime {
namespace {

std::int64_t nanoseconds(ItemVisit::Time::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

}  // namespace

ItemVisit::ItemVisit(Station& station, Message message, std::int64_t arrived_ns)
    : Visit(station.visits_),
      station_(station),
      message_(message),
      number_(message.first),
      holds_output_(station.node_.reorder != nullptr || keeps_item() ||
                    station.records_.is_written()),
      arrived_ns_(arrived_ns),
      is_in_line_(station.takes_batches()) {
  node().control.work_begins();
}

void ItemVisit::begin() noexcept {
  const Node* const queue = message_.via->queue;
  const bool is_bounded = queue != nullptr && queue->bounded != nullptr;
  if (is_bounded && records().may_settle()) return do_later(Later::settle);
  settle_or_arrive();
}

void ItemVisit::do_later(Later what) noexcept {
  later_ = what;
  executor().execute(*this);
}

void ItemVisit::run() noexcept {
  switch (std::exchange(later_, Later::nothing)) {
    case Later::settle:
      return settle_or_arrive();
    case Later::leave:
      return leave();
    case Later::fail:
      return fail_for_needs();
    case Later::nothing:
      return begin_attempt();
  }
}

void ItemVisit::settle_or_arrive() noexcept {
  unless_settled([this] {
    if (records().is_followed()) record();
    return records().may_settle() && settle_without_work();
  });
}

/// It is done, and those that ended before it have gone on.
void ItemVisit::has_turn() noexcept {
  unless_settled([this] { return settle({Decision::What::skip, "done"}); });
}

/// It waits for admission, unless `settled` says that it has ended, or will without.
template <class F>
void ItemVisit::unless_settled(F&& settled) noexcept {
  try {
    if (settled()) return;
  } catch (...) {
    node().control.fail(node().planned.name,
                        "what is known of an item can't be told: " + abi::what_was_thrown());
    return do_later(Later::leave);
  }
  arrive();
}

ItemRecord& ItemVisit::record() {
  if (!record_) {
    abi::Batch* const batch = batch_ ? batch_.get() : message_.batch;
    record_ = station_.records_.identify(*batch, Item::view(batch, 0));
    if (arrived_ns_ != 0) record_->arrived_ns = record_->queued_ns = arrived_ns_;
  }
  return *record_;
}

/// True if nothing is to be done for the item: then it has ended, or waits for its turn to.
bool ItemVisit::settle_without_work() {
  const Decision decision = records().decide(*record_);
  OldOrder* const order = station_.old_order();
  if (order == nullptr || record_->past == nullptr) return settle(decision);
  if (decision.what == Decision::What::skip) {
    take_out();
    order->come(*record_->past, *this);
    return true;
  }
  order->look();  // nobody waits for it
  return settle(decision);
}

bool ItemVisit::settle(Decision decision) {
  std::optional<std::vector<Output>> outputs;
  if (decision.what == Decision::What::skip) {
    take_out();
    outputs = records().past_outputs(*record_, batch_);
    if (!outputs) decision = {Decision::What::run, "what it gave out can't be read"};
  }
  const bool is_only_said = records().say(*record_, decision);
  if (outputs) {
    skip(std::move(*outputs));
  } else if (decision.what == Decision::What::leave || is_only_said) {
    if (!is_only_said) node().control.leave_out();
    leave();
  } else {
    return false;
  }
  return true;
}

/// It is done, from before: what it gave out then goes on.
void ItemVisit::skip(std::vector<Output> outputs) {
  batch_ = abi::BatchPtr();
  records().count_skipped();
  records().mark(outputs, *record_, false);
  node().accounts.leave(node().control.shard(), 1, 0);
  node().count_known();
  node().conclude(number_, 1, std::move(outputs), nullptr);
  has_ended_ = true;
  over(abi::End::done);
}

void ItemVisit::leave() noexcept { over(abi::End::cancelled); }

Admission::Needs ItemVisit::needs() {
  abi::Batch* const batch = batch_ ? batch_.get() : message_.batch;
  Admission::Needs needs = station_.needs_of(Item::view(batch, 0));
  if (records().is_written()) note_needs(needs);
  const auto& named = station_.limits_.named;
  const bool any_keys =
      std::any_of(named.begin(), named.end(), [](const auto& limit) { return limit.planned->per; });
  if (any_keys && limit_keys_.empty()) {
    for (std::size_t i = 0; i < named.size(); ++i) limit_keys_.push_back(needs[i].key);
  }
  return needs;
}

/// It gets in line now.
void ItemVisit::note_needs(const Admission::Needs& needs) {
  ItemRecord& record = *record_;
  if (attempts() > 0) record.queued_ns = journal::now_ns();
  const bool is_plain = std::all_of(needs.begin(), needs.end(), [](const Admission::Need& need) {
    return need.key.empty() && need.slots == 1 && need.memory == 0;
  });
  if (is_plain || !record.needs.empty()) return;
  nlohmann::json json = nlohmann::json::array();
  for (const Admission::Need& need : needs) {
    json.push_back({station_.limit_name(need.limit), need.slots, need.memory, need.key});
  }
  record.needs = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void ItemVisit::note_admission() {
  ItemRecord& record = *record_;
  record.admitted_ns = journal::now_ns();
  record.held_by = record.held_for = {};
  if (const auto held = hold()) {
    if (held->why != Admission::Hold::For::room) record.held_by = station_.limit_name(held->limit);
    record.held_for = to_string(held->why);
  }
}

/// That it is in work, for those who look.
void ItemVisit::note_begin() {
  Station::InWork item;
  if (record_) {
    item.text = record_->text;
    item.key = record_->key.text();
    item.number = record_->seq;
  } else {
    item.text = text_of(this->item());
  }
  item.attempt = attempts();
  item.began = Time::now();
  item.limit_keys = limit_keys_;
  in_work_ = station_.begin_work(std::move(item));
}

void ItemVisit::note_end() noexcept {
  if (in_work_) station_.end_work(*in_work_);
  in_work_.reset();
}

void ItemVisit::hold_back() noexcept {
  node().accounts.hold_back();
  station_.held_back_.fetch_add(1, std::memory_order_relaxed);
  if (in_work_) station_.hold_back(*in_work_);
}

void ItemVisit::go_on(Time::duration held_back, bool is_to_end) noexcept {
  node().accounts.go_on(is_to_end);
  station_.held_back_.fetch_sub(1, std::memory_order_relaxed);
  if (in_work_) station_.go_on(*in_work_, held_back);
}

void ItemVisit::needs_failed() noexcept {
  needs_error_ = abi::what_was_thrown();
  do_later(Later::fail);
}

/// That an attempt begins which ends in the same moment.
void ItemVisit::begin_record() {
  ItemRecord& record = this->record();
  if (attempts() > 0) record.queued_ns = journal::now_ns();
  record.admitted_ns = journal::now_ns();
  record.held_by = record.held_for = {};
  records().attempt_begins(record);
  is_written_ = true;
}

void ItemVisit::fail_for_needs() noexcept {
  Failure failure;
  failure.error = std::move(needs_error_);
  take_out();
  try {
    if (records().is_written()) begin_record();
  } catch (...) {
    node().control.fail(node().planned.name,
                        "an item can't be written down: " + abi::what_was_thrown());
  }
  node().accounts.begin(node().control.shard(), 1);
  PermitHolder none{Permit()};
  end(abi::End::failed, &failure, {}, {}, none);
}

void ItemVisit::attempt(Permit permit) noexcept {
  permit_ = std::move(permit);
  if (records().is_written()) note_admission();
  if (std::exchange(is_in_line_, false)) station_.left_line();
  // What takes long before it waits for the first time spreads over the workers.
  if (station_.threads_ == nullptr && takes_long()) return executor().execute(*this);
  begin_attempt();
}

/// Out of the queue in which it has waited.
void ItemVisit::take_out() {
  if (!batch_ && message_.batch != nullptr) batch_ = take(std::exchange(message_, {}));
}

void ItemVisit::begin_attempt() noexcept {
  take_out();
  if (is_over(node())) {
    permit_.give_back();
    return attempt_ended({abi::End::cancelled, false});
  }
  if (attempts() > 1) node().accounts.retry();
  node().accounts.begin(node().control.shard(), 1);
  if (is_watched()) note_begin();
  output_is_shown_ = false;
  if (records().is_written()) {
    records().attempt_begins(*record_);
    is_written_ = true;
  }
  if (station_.threads_ == nullptr) {
    auto* const attempt = new WaitingAttempt(*this, std::move(permit_));
    abi::Instance& instance = *node().instance;
    run_timed([&] { instance.begin(*attempt); });
    return;
  }
  try {
    station_.threads_->execute([this] { BlockingAttempt(*this, std::move(permit_)).run(); });
  } catch (...) {
    node().control.fail(node().planned.name, abi::what_was_thrown());
    PermitHolder permit(std::move(permit_));
    end(abi::End::cancelled, nullptr, {}, {}, permit);
  }
}

bool ItemVisit::will_be_retried(const Failure& failure, std::string_view output,
                                Time::duration busy, PermitHolder& permit,
                                const Measured& measured) noexcept {
  if (const auto pause = policy().pause(failure, output)) station_.pause(item(), *pause);
  if (attempts() >= node().planned.retry.attempts || !policy().is_to_be_retried(failure, output)) {
    return false;
  }
  note_end();
  node().accounts.suspend(node().control.shard(), nanoseconds(busy));
  const Failure masked = records().masked(failure);
  if (is_written_) {
    records().attempt_ended(*record_, journal::State::backing_off, masked.status, masked.error,
                            std::nullopt, measured);
  }
  permit.let_go();
  FailedAttempt failed;
  std::string text;
  std::string id;
  try {
    text = text_of(item());
    failed.node = node().planned.name;
    failed.attempt = attempts();
    failed.attempts = node().planned.retry.attempts;
    failed.seconds = seconds_of(busy);
    failed.item = text;
    failed.failure = &masked;
    if (record_) failed.id = id = record_->key.text();
    failed_ = &failed;
  } catch (...) {
    // No memory to tell of it: the item goes on.
  }
  attempt_ended({abi::End::failed, true});
  return true;
}

void ItemVisit::tell_of_failure(std::optional<double> wait) noexcept {
  if (failed_ == nullptr) return;
  FailedAttempt failed = *std::exchange(failed_, nullptr);
  failed.wait = wait;
  node().control.observer().attempt_failed(failed);
}

void ItemVisit::end(abi::End end, const Failure* failure, Time::duration busy,
                    std::vector<Output> outputs, PermitHolder& permit,
                    const Measured& measured) noexcept {
  note_end();
  // Written down before anybody behind can have done anything with it.
  Failure masked;
  try {
    if (failure != nullptr) {
      masked = records().masked(*failure);
      failure = &masked;
    }
    if (is_written_) {
      std::optional<std::string> bytes;
      if (end == abi::End::done) bytes = StationRecords::encode(outputs, batch());
      records().attempt_ended(*record_,
                              end == abi::End::done     ? journal::State::done
                              : end == abi::End::failed ? journal::State::failed
                                                        : journal::State::cancelled,
                              failure != nullptr ? failure->status : -1,
                              failure != nullptr ? failure->error : std::string(), std::move(bytes),
                              measured);
    }
  } catch (...) {
    node().control.fail(node().planned.name,
                        "an item's end can't be written down: " + abi::what_was_thrown());
  }
  const double seconds = seconds_of(busy);
  if (end == abi::End::failed) {
    Node::Attempted attempted;
    attempted.attempts = attempts();
    attempted.output_is_shown = output_is_shown_;
    if (record_) {
      attempted.id = record_->key.text();
      attempted.number = record_->seq;
      attempted.origin = records().failure_origin_of(*record_);
      if (record_->first_failed) attempted.again = record_->first_failed->text();
      if (attempts() > 0) attempted.log = records().log_path(*record_);
    }
    node().fail(item(), *failure, seconds, attempted);
  }
  if (end != abi::End::failed && batch_) note_text();
  batch_ = abi::BatchPtr();
  try {
    if (record_ && !outputs.empty()) records().mark(outputs, *record_, true);
  } catch (...) {
    node().control.fail(node().planned.name,
                        "what an item gave out can't be marked: " + abi::what_was_thrown());
  }
  node().accounts.end(node().control.shard(), end == abi::End::done, end == abi::End::failed,
                      end == abi::End::cancelled, nanoseconds(busy));
  node().look_at_failures();
  if (end != abi::End::failed) node().report(end, text_, seconds, nullptr);
  node().conclude(number_, 1, std::move(outputs), &permit);
  permit.let_go();
  has_ended_ = true;
  attempt_ended({end, false});
}

void ItemVisit::over(abi::End /*end*/) noexcept {
  Control& control = node().control;
  if (!has_ended_) {
    take_out();
    if (is_written_) {  // stopped between two attempts
      records().attempt_ended(*record_, journal::State::cancelled, -1, "", std::nullopt);
    }
    node().accounts.leave(control.shard(), 0, 1);
    node().conclude(number_, 1, {}, nullptr);
  }
  Station& station = station_;
  const bool was_in_line = is_in_line_;
  delete this;
  if (was_in_line) station.left_line();
  control.work_ends();
}

}  // namespace weir::runtime
