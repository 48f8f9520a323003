#include "runtime/operation.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "io/reactor.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {
namespace {

using Clock = std::chrono::steady_clock;

/// One item in hand at a node that waits. It is what the coroutine sees as its host, what the
/// reactor completes, and what a worker then resumes; it owns the item and the permit, and deletes
/// itself.
///
/// A coroutine waits for one thing at a time, so there is one wait at most.
class ItemOperation final : public abi::Operation,
                            public NodeHost,
                            private io::Timer,
                            private io::Process,
                            private Executor::Task {
 public:
  ItemOperation(Node& node, abi::BatchPtr batch, Permit permit, Executor& executor,
                std::uint64_t number, std::function<void()> ended)
      : NodeHost(node),
        batch_(std::move(batch)),
        number_(number),
        permit_(std::move(permit)),
        executor_(executor),
        ended_(std::move(ended)),
        began_(Clock::now()) {
    input = batch_.get();
    host = this;
    yield = nullptr;
  }

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
    if (batch == batch_.get()) {
      // The item itself goes on only when we are done with it: its next owner may move it away.
      passed_on_.push_back({port, abi::BatchPtr(batch)});
      return;
    }
    if (Ticket* const ticket = Ticket::of(*batch)) {
      ticket->charge(*batch, batch_->storage, node_.planned.type->expands);
    }
    if (node_.reorder != nullptr) {
      outputs_.push_back({port, abi::BatchPtr(batch)});
    } else {
      node_.emit(port, abi::BatchPtr(batch), &permit_);
    }
  }
  void fail(abi::Batch*, std::uint32_t, const Failure&) noexcept override {}
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

  void finish(abi::End end, const Failure& failure) noexcept override {
    const auto busy = Clock::now() - began_;
    const double seconds = std::chrono::duration<double>(busy).count();
    const Item item = Item::view(batch_.get(), 0);
    const std::string text = end == abi::End::failed ? std::string() : text_of(item);
    if (end == abi::End::failed) node_.fail(item, failure, seconds);
    batch_ = abi::BatchPtr();
    // The ticket may be back with the item; the run can't end before `ended_`.
    if (end == abi::End::done) {
      for (Output& output : passed_on_) outputs_.push_back(std::move(output));
    }
    passed_on_.clear();
    node_.accounts.end(node_.control.shard(), end == abi::End::done, end == abi::End::failed,
                       end == abi::End::cancelled,
                       std::chrono::duration_cast<std::chrono::nanoseconds>(busy).count());
    if (end != abi::End::failed) {
      node_.report(end, text, seconds, nullptr);
    }
    node_.conclude(number_, 1, std::move(outputs_), &permit_);
    permit_.let_go();
    const std::function<void()> ended = std::move(ended_);
    delete this;
    ended();
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
    executor_.execute(*this);
  }
  void complete(io::ProcessOutcome outcome) noexcept override {
    process_wait_->cancelled = outcome.end == io::ProcessEnd::cancelled;
    if (outcome.end == io::ProcessEnd::not_started) {
      process_wait_->error = std::move(outcome.error);
      if (process_wait_->error.empty()) process_wait_->error = "the program can't be started";
    }
    process_wait_->result = std::move(outcome.result);
    executor_.execute(*this);
  }

  // On a worker.
  void run() noexcept override { wait_->waiter.resume(); }

  abi::BatchPtr batch_;
  const std::uint64_t number_;
  std::vector<Output> outputs_;
  std::vector<Output> passed_on_;  // the item itself
  PermitHolder permit_;
  Executor& executor_;
  std::function<void()> ended_;
  Clock::time_point began_;
  abi::Wait* wait_ = nullptr;
  abi::ProcessWait* process_wait_ = nullptr;
};

}  // namespace

void begin_waiting(Node& node, Message message, Permit permit, Executor& executor,
                   std::function<void()> ended) noexcept {
  abi::BatchPtr batch = take(message);
  if (is_over(node)) {
    node.accounts.leave(node.control.shard(), 0, batch->count);
    node.conclude(message.first, batch->count, {});
    permit.give_back();
    batch = abi::BatchPtr();
    return ended();
  }
  node.accounts.begin(node.control.shard(), 1);
  auto* operation = new ItemOperation(node, std::move(batch), std::move(permit), executor,
                                      message.first, std::move(ended));
  node.instance->begin(*operation);
}

void work_blocking(Node& node, Message message, Permit permit) noexcept {
  const std::string text = text_of(Item::view(message.batch, 0));
  const Clock::time_point began = Clock::now();
  const WorkDone done = work(node, message, std::move(permit));
  if (done.failed != 0) return;  // reported
  node.report(done.cancelled != 0 ? abi::End::cancelled : abi::End::done, text,
              std::chrono::duration<double>(Clock::now() - began).count(), nullptr);
}

}  // namespace weir::runtime
