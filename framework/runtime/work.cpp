#include <algorithm>
#include <chrono>

#include "data/batches.hpp"
#include "runtime/node.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {
namespace {

using Clock = std::chrono::steady_clock;

/// What a node calls while it works through one batch. What comes out is held until the task is
/// over, so that the node's busy time does not cover the nodes behind it; a node that gives out
/// many batches hands the first ones on meanwhile.
class BatchContext final : public abi::Context {
 public:
  BatchContext(Node& node, Clock::time_point began) : node_(node), began_(began) {
    yield = &node.control.stopping_flag();
  }

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
    if (held_ == kHeld) hand_on();
    held_batches_[held_++] = {port, batch};
  }

  void fail(abi::Batch* batch, std::uint32_t index, const Failure& failure) noexcept override {
    ++failed;
    const std::chrono::duration<double> seconds = Clock::now() - began_;
    node_.fail(Item::view(batch, index), failure, seconds.count());
  }

  void hand_back(abi::Batch* batch, std::uint32_t index) noexcept override {
    // The run is being stopped: what has not begun is not begun. The batch keeps the items, which
    // go when it goes, unless it is about to be handed on with what came out.
    handed_back = batch->count - index;
    if (!batch->alone()) return;
    if (batch->type->destroy != nullptr) batch->type->destroy(batch->item(index), handed_back);
    batch->count = index;
  }

  void hand_on() noexcept {
    for (std::uint32_t i = 0; i < held_; ++i) {
      node_.emit(held_batches_[i].port, abi::BatchPtr(held_batches_[i].batch));
    }
    held_ = 0;
  }

  std::int64_t failed = 0;
  std::uint32_t handed_back = 0;

 private:
  static constexpr std::uint32_t kHeld = 4;
  struct Held {
    std::uint32_t port;
    abi::Batch* batch;
  };

  Node& node_;
  Clock::time_point began_;
  Held held_batches_[kHeld];
  std::uint32_t held_ = 0;
};

}  // namespace

abi::BatchPtr take(Message message) {
  abi::BatchPtr batch(message.batch);
  if (message.via->queue != nullptr) message.via->queue->leave(batch->count, 0);
  return batch;
}

WorkDone work(Node& node, Message message, Permit permit) noexcept {
  abi::BatchPtr batch = take(message);
  const std::int64_t items = batch->count;
  if (node.control.stopping()) {
    node.accounts.leave(0, items);
    return {0, items};
  }
  node.accounts.begin(items);
  Ticket* const ticket = Ticket::of(*batch);
  if (ticket != nullptr) ticket->abi::Ticket::acquire();  // the batch may be gone when work is done
  const Clock::time_point began = Clock::now();
  BatchContext context(node, began);
  node.instance->process(batch.release(), node.host, context);
  const std::int64_t busy =
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began).count();
  if (ticket != nullptr) ticket->task_took(busy);
  // What fails after the last item (`after_batch`) may be told of an item that has failed already.
  const std::int64_t failed = std::min(context.failed, items - context.handed_back);
  node.accounts.end(items - failed - context.handed_back, failed, context.handed_back, busy);
  // Before the permit goes back: behind a limit of 1, the next batch must not overtake this one.
  context.hand_on();
  permit.give_back();
  abi::Ticket::release(ticket);
  return {context.failed, context.handed_back};
}

}  // namespace weir::runtime
