#include "runtime/station.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <weir/loop.hpp>

#include "io/reactor.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {
namespace {

using Time = std::chrono::steady_clock;

/// Code of a node that runs longer than this between two waits belongs on a worker.
constexpr std::chrono::microseconds kLong{200};

double seconds_of(Time::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

template <class F>
void Station::run_timed(F&& code) noexcept {
  const Time::time_point began = Time::now();
  code();
  pace_.note(Time::now() - began > kLong);
}

/// One item at the function, from its arrival to its end.
class Station::ItemVisit final : public Visit, private Executor::Task {
 public:
  ItemVisit(Station& station, Message message)
      : Visit(station.visits_), station_(station), message_(message), number_(message.first) {
    node().control.work_begins();
  }

  Station& station() const { return station_; }
  Node& node() const { return station_.node_; }
  abi::Batch* batch() const { return batch_.get(); }
  Item item() const { return Item::view(batch_.get(), 0); }
  abi::BatchPtr take_batch() { return std::move(batch_); }
  abi::BatchPtr share_batch() { return batch_.share(); }

  /// Whether a failure of the attempt under way would be followed by another one.
  bool is_to_be_retried(const Failure& /*failure*/) const {
    return attempts() < node().planned.retry.attempts;
  }
  /// Whether what is given out has to wait for the attempt's success.
  bool holds_output() const { return node().reorder != nullptr || keeps_item(); }
  /// Whether the item has to be there for another attempt, whatever the node does with it.
  bool keeps_item() const { return node().planned.retry.attempts > 1; }

  /// The attempt failed; another one follows. The permit goes back first.
  void try_again(const Failure& /*failure*/, Time::duration busy, PermitHolder& permit) noexcept {
    permit.let_go();
    node().accounts.suspend(node().control.shard(), nanoseconds(busy));
    attempt_ended({abi::End::failed, true});
  }

  /// The item has come to its end. `text` is for the report of what has not failed, which has been
  /// reported already.
  void end(abi::End end, const std::string& text, Time::duration busy, std::vector<Output> outputs,
           PermitHolder& permit) noexcept {
    node().accounts.end(node().control.shard(), end == abi::End::done, end == abi::End::failed,
                        end == abi::End::cancelled, nanoseconds(busy));
    if (end != abi::End::failed) node().report(end, text, seconds_of(busy), nullptr);
    node().conclude(number_, 1, std::move(outputs), &permit);
    permit.let_go();
    has_ended_ = true;
    attempt_ended({end, false});
  }

 private:
  Admission::Needs needs() override {
    const Limits& limits = station_.limits_;
    Admission::Needs needs;
    if (limits.own) needs.emplace_back().limit = *limits.own;
    return needs;
  }
  void needs_failed() noexcept override {
    node().control.fail(node().planned.name,
                        "an item can't be admitted: " + abi::what_was_thrown());
    over(abi::End::cancelled);
  }

  void attempt(Permit permit) noexcept override {
    permit_ = std::move(permit);
    // What takes long before it waits for the first time spreads over the workers.
    if (station_.threads_ == nullptr && station_.pace_.is_long()) {
      return station_.executor_.execute(*this);
    }
    begin();
  }
  void run() noexcept override { begin(); }
  bool is_short() const noexcept override { return false; }
  void begin() noexcept;

  void will_retry(Clock::Duration /*wait*/) noexcept override {}

  void over(abi::End /*end*/) noexcept override {
    Control& control = node().control;
    if (!has_ended_) {
      take_out();
      node().accounts.leave(control.shard(), 0, 1);
      node().conclude(number_, 1, {});
    }
    delete this;
    control.work_ends();
  }

  /// Out of the queue in which it has waited.
  void take_out() {
    if (!batch_ && message_.batch != nullptr) batch_ = take(std::exchange(message_, {}));
  }
  static std::int64_t nanoseconds(Time::duration duration) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
  }

  Station& station_;
  Message message_;
  const std::uint64_t number_;
  abi::BatchPtr batch_;
  Permit permit_;
  bool has_ended_ = false;
};

/// An attempt at a node that waits. It is what the coroutine sees as its host, and what the reactor
/// completes; it owns the permit, and deletes itself.
///
/// A coroutine waits for one thing at a time, so there is one wait at most.
class Station::Attempt final : public abi::Operation,
                               public NodeHost,
                               private io::Timer,
                               private io::Process,
                               private Executor::Task {
 public:
  Attempt(ItemVisit& visit, Permit permit)
      : NodeHost(visit.node()),
        visit_(visit),
        kept_(visit.keeps_item() ? visit.batch() : nullptr),
        permit_(std::move(permit)),
        began_(Time::now()) {
    // A node that takes its item out of a batch of its own would leave nothing for a retry.
    if (kept_ != nullptr) kept_->acquire();
    input = visit.batch();
    host = this;
    yield = nullptr;
  }
  ~Attempt() {
    if (kept_ != nullptr) abi::Batch::release(kept_);
  }

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
    if (batch == visit_.batch()) {
      // The item itself goes on only when we are done with it: its next owner may move it away.
      passed_on_.push_back({port, abi::BatchPtr(batch)});
      return;
    }
    if (Ticket* const ticket = Ticket::of(*batch)) {
      ticket->charge(*batch, visit_.batch()->storage, node_.planned.type->expands);
    }
    if (visit_.holds_output()) {
      outputs_.push_back({port, abi::BatchPtr(batch)});
    } else {
      node_.emit(port, abi::BatchPtr(batch), &permit_);
    }
  }
  void fail(abi::Batch*, std::uint32_t, const Failure&) noexcept override {}
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

  void finish(abi::End end, const Failure& failure) noexcept override {
    const std::unique_ptr<Attempt> self(this);
    const Time::duration busy = Time::now() - began_;
    if (kept_ != nullptr) abi::Batch::release(std::exchange(kept_, nullptr));
    if (end == abi::End::failed) {
      passed_on_.clear();
      if (visit_.is_to_be_retried(failure)) {
        outputs_.clear();
        return visit_.try_again(failure, busy, permit_);
      }
      node_.fail(visit_.item(), failure, seconds_of(busy), visit_.attempts());
    }
    const std::string text = end == abi::End::failed ? std::string() : text_of(visit_.item());
    visit_.take_batch();
    if (end == abi::End::done) {
      for (Output& output : passed_on_) outputs_.push_back(std::move(output));
    }
    passed_on_.clear();
    visit_.end(end, text, busy, std::move(outputs_), permit_);
  }

 private:
  void begin(abi::SleepWait& wait) override {
    wait_ = &wait;
    // Nothing may be touched behind the call: the coroutine may be running again, on another
    // thread.
    node_.control.reactor().start_timer(*this, wait.after);
  }
  void begin(abi::ProcessWait& wait) override {
    wait_ = &wait;
    process_wait_ = &wait;
    node_.control.reactor().start_process(*this, std::move(wait.command));
  }

  // On the reactor's thread.
  void complete(bool cancelled) noexcept override {
    wait_->cancelled = cancelled;
    visit_.station().executor_.execute(*this);
  }
  void complete(io::ProcessOutcome outcome) noexcept override {
    process_wait_->cancelled = outcome.end == io::ProcessEnd::cancelled;
    if (outcome.end == io::ProcessEnd::not_started) {
      process_wait_->error = std::move(outcome.error);
      if (process_wait_->error.empty()) process_wait_->error = "the program can't be started";
    }
    process_wait_->result = std::move(outcome.result);
    visit_.station().executor_.execute(*this);
  }

  // On a thread that may run nodes.
  void run() noexcept override {
    visit_.station().run_timed([this] { wait_->waiter.resume(); });
  }
  bool is_short() const noexcept override { return !visit_.station().pace_.is_long(); }

  ItemVisit& visit_;
  abi::Batch* kept_;
  std::vector<Output> outputs_;
  std::vector<Output> passed_on_;  // the item itself
  PermitHolder permit_;
  Time::time_point began_;
  abi::Wait* wait_ = nullptr;
  abi::ProcessWait* process_wait_ = nullptr;
};

/// An attempt at a node that blocks, in the thread that makes it.
class Station::BlockingAttempt final : public abi::Context {
 public:
  explicit BlockingAttempt(ItemVisit& visit, Permit permit)
      : visit_(visit), permit_(std::move(permit)) {}

  void run() noexcept {
    Node& node = visit_.node();
    const std::string text = text_of(visit_.item());
    began_ = Time::now();
    taken_ = visit_.batch()->storage;
    abi::BatchPtr batch = visit_.keeps_item() ? visit_.share_batch() : visit_.take_batch();
    node.instance->process(batch.release(), node.host, *this);
    const Time::duration busy = Time::now() - began_;
    if (to_be_retried_) {
      outputs_.clear();
      return visit_.try_again(failure_, busy, permit_);
    }
    visit_.take_batch();
    const abi::End end = failed_ ? abi::End::failed : abi::End::done;
    visit_.end(end, text, busy, std::move(outputs_), permit_);
  }

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
    abi::BatchPtr output(batch);
    if (Ticket* const ticket = Ticket::of(*batch)) {
      ticket->charge(*batch, taken_, visit_.node().planned.type->expands);
    }
    if (visit_.holds_output()) {
      outputs_.push_back({port, std::move(output)});
    } else {
      visit_.node().emit(port, std::move(output), &permit_);
    }
  }
  void fail(abi::Batch* batch, std::uint32_t index, const Failure& failure) noexcept override {
    failed_ = true;
    if (visit_.is_to_be_retried(failure)) {
      to_be_retried_ = true;
      failure_ = failure;
      return;
    }
    visit_.node().fail(Item::view(batch, index), failure, seconds_of(Time::now() - began_),
                       visit_.attempts());
  }
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

 private:
  ItemVisit& visit_;
  PermitHolder permit_;
  const abi::Block* taken_ = nullptr;
  std::vector<Output> outputs_;
  Failure failure_;
  Time::time_point began_;
  bool failed_ = false;
  bool to_be_retried_ = false;
};

void Station::ItemVisit::begin() noexcept {
  take_out();
  if (is_over(node())) {
    permit_.give_back();
    return attempt_ended({abi::End::cancelled, false});
  }
  node().accounts.begin(node().control.shard(), 1);
  if (station_.threads_ == nullptr) {
    auto* const attempt = new Attempt(*this, std::move(permit_));
    station_.run_timed([&] { node().instance->begin(*attempt); });
    return;
  }
  try {
    station_.threads_->execute([this] { BlockingAttempt(*this, std::move(permit_)).run(); });
  } catch (const std::exception& error) {
    node().control.fail(node().planned.name,
                        std::string("no thread can be started: ") + error.what());
    PermitHolder permit(std::move(permit_));
    end(abi::End::cancelled, "", {}, {}, permit);
  }
}

Station::Station(Node& node, Admission& admission, Limits limits, Clock& clock, Executor& executor,
                 ThreadPool* threads)
    : node_(node),
      limits_(std::move(limits)),
      visits_(admission, clock,
              {node.planned.retry.attempts, node.planned.retry.first, node.planned.retry.longest}),
      executor_(executor),
      threads_(threads) {}

void Station::arrive(Message message) noexcept {
  auto* const visit = new ItemVisit(*this, message);
  visit->arrive();
}

}  // namespace weir::runtime
