#include <algorithm>
#include <chrono>
#include <optional>

#include <weir/loop.hpp>

#include "data/batches.hpp"
#include "runtime/batch_log.hpp"
#include "runtime/batch_sizer.hpp"
#include "runtime/gathered.hpp"
#include "runtime/node.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {
namespace {

using Clock = Watch::Clock;

/// A batch that is handed back becomes this many messages at most.
constexpr std::int64_t kPieces = 64;

/// A task that takes longer is for a worker, not for the thread that brings the item.
constexpr std::int64_t kLongNs = 200'000;

/// What a node calls while it works through one batch. What comes out is held until the task is
/// over, so that the node's busy time does not cover the nodes behind it; a node that gives out
/// many batches hands the first ones on meanwhile.
class BatchContext final : public abi::Context {
 public:
  BatchContext(Node& node, Message message, Clock::time_point began, std::atomic<bool>& yield_flag,
               PermitHolder& permit)
      : node_(node),
        message_(message),
        taken_(message.batch->storage),
        began_(began),
        yield_flag_(yield_flag),
        permit_(permit) {
    yield = &yield_flag;
  }

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
    // What an item becomes has no bound of its own: its source pays for it.
    if (Ticket* const ticket = Ticket::of(*batch)) {
      ticket->charge(*batch, taken_, node_.planned.type->expands);
    }
    abi::BatchPtr given(batch);
    if (node_.gathered && !mark(given)) return;
    if (count_ == kHeld) make_room();
    held_[count_++] = {port, std::move(given)};
  }

  void fail(abi::Batch* batch, std::uint32_t index, const Failure& failure) noexcept override {
    ++failed;
    // An item that was not timed took next to nothing.
    const bool is_timed = began_ != Clock::time_point{};
    const std::chrono::duration<double> seconds =
        is_timed ? Clock::now() - began_ : Clock::duration::zero();
    node_.fail(Item::view(batch, index), failure, seconds.count());
  }

  bool hand_back(abi::Batch* batch, std::uint32_t index) noexcept override {
    if (is_over(node_)) {
      // What has not begun is not begun. The batch keeps the items, which go when it goes, unless
      // it is about to be handed on with what came out.
      cancelled = batch->count - index;
      if (!batch->alone()) return true;
      if (batch->type->destroy != nullptr) batch->type->destroy(batch->item(index), cancelled);
      batch->count = index;
      return true;
    }
    if (node_.planned.limit == 1 || node_.again.deliver == nullptr || !redeliver(*batch, index)) {
      yield_flag_.store(false, std::memory_order_relaxed);  // not to be asked again at once
      return false;
    }
    return true;
  }

  /// The items [0, worked) of the batch have ended.
  void conclude(std::uint32_t worked) noexcept {
    if (node_.reorder != nullptr) {
      make_room();
      node_.conclude(message_.first, worked, std::move(ordered_), &permit_);
    } else {
      make_room();
      node_.settle(worked);
    }
  }

  std::int64_t failed = 0;
  std::uint32_t cancelled = 0;
  std::uint32_t handed_back = 0;

 private:
  static constexpr std::uint32_t kHeld = 4;

  bool mark(abi::BatchPtr& given) noexcept {
    try {
      node_.gathered->mark(given);
      return true;
    } catch (...) {
      node_.control.fail(node_.planned.name,
                         "what it gave out can't be marked: " + abi::what_was_thrown());
      return false;
    }
  }

  /// Hands on what is held, or keeps it for its turn.
  void make_room() noexcept {
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (node_.reorder != nullptr) {
        ordered_.push_back(std::move(held_[i]));
      } else {
        node_.emit(held_[i].port, std::move(held_[i].batch), &permit_);
      }
    }
    count_ = 0;
  }

  /// The items from `index` on become tasks of their own, as long as the size of batches is chosen
  /// for: they took long so far.
  bool redeliver(abi::Batch& batch, std::uint32_t index) noexcept {
    const std::int64_t took =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
    const std::int64_t rest = batch.count - index;
    const std::int64_t fit = BatchSizer::kTaskNs * index / std::max<std::int64_t>(1, took);
    const auto most = static_cast<std::uint32_t>(
        std::max({std::int64_t{1}, (rest + kPieces - 1) / kPieces, fit}));
    abi::BatchPtr back;
    try {
      back = data::split_off(batch, index);
    } catch (...) {  // no memory, or items that can't be copied: they are worked on here
      return false;
    }
    try {
      data::in_pieces(std::move(back), most, [&](abi::BatchPtr piece) {
        const std::uint32_t items = piece->count;
        const std::uint64_t first = message_.first + index + handed_back;
        node_.accounts.put_back(node_.control.shard(), items);
        handed_back += items;
        node_.again.deliver(node_.again.target, {piece.release(), &node_.again, first});
      });
    } catch (...) {
      node_.control.fail(node_.planned.name,
                         "items can't be handed back: " + abi::what_was_thrown());
      cancelled = static_cast<std::uint32_t>(rest) - handed_back;
    }
    return true;
  }

  Node& node_;
  const Message message_;
  const abi::Block* const taken_;
  const Clock::time_point began_;
  std::atomic<bool>& yield_flag_;
  PermitHolder& permit_;
  Output held_[kHeld];
  std::uint32_t count_ = 0;
  std::vector<Output> ordered_;  // of an ordered node
};

/// What is given out at a time when no item is in hand. The node's own credit pays for it.
class TickContext final : public abi::Context {
 public:
  explicit TickContext(Node& node) : node_(node) {}
  void emit(std::uint32_t /*port*/, abi::Batch* given) noexcept override {
    abi::BatchPtr batch(given);
    try {
      if (node_.gathered) node_.gathered->mark(batch);
      node_.give_late(std::move(batch));
    } catch (...) {
      node_.control.fail(node_.planned.name, abi::what_was_thrown());
    }
  }
  void fail(abi::Batch*, std::uint32_t, const Failure&) noexcept override {}
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

 private:
  Node& node_;
};

/// A collector that has nothing left begins anew.
void look_whether_empty(Node& node) noexcept {
  if (node.gathered && node.instance->is_empty()) node.gathered->forget();
}

void tick(Node& node) noexcept {
  const auto due = is_over(node) ? std::nullopt : node.instance->due();
  // As a source, it gives nothing more as long as too much of it is in flight; it is asked again.
  if (due && *due <= Clock::now() && node.may_give()) {
    TickContext context(node);
    const std::string error = node.instance->tick(node.host, context);
    if (!error.empty()) node.control.fail(node.planned.name, error);
    look_whether_empty(node);
  }
  node.look_when_due();
  node.settle(1);
}

/// Where nothing can be handed back and work takes next to nothing, the clock is not read.
class Timing {
 public:
  Timing(Node& node, Watch::Slot& slot, std::uint32_t items)
      : node_(node),
        slot_(slot),
        items_(items),
        is_watched_(items > 1),
        is_timed_(is_watched_ || node.accounts.is_to_be_timed(slot.shard, busy_)) {
    if (is_timed_) began_ = Clock::now();
    if (!is_watched_) return;
    before_ = slot.start(began_);
    node.control.watch().notice();
  }
  void end() {
    if (!is_timed_) return;
    busy_ = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_).count();
    node_.accounts.timed(slot_.shard, busy_);
    node_.pace.note(busy_ > kLongNs);
    node_.accounts.sample();
    if (BatchLog* const log = node_.control.batch_log()) {
      log->note(node_.planned, slot_.shard.number, began_, busy_, items_);
    }
    if (is_watched_) slot_.end(before_);
  }

  bool is_timed() const { return is_timed_; }
  Clock::time_point began() const { return began_; }
  std::int64_t busy() const { return busy_; }

 private:
  Node& node_;
  Watch::Slot& slot_;
  const std::uint32_t items_;
  std::int64_t busy_ = 0;
  const bool is_watched_;
  const bool is_timed_;
  Clock::time_point began_{};
  std::int64_t before_ = 0;
};

WorkDone work_through(Node& node, Message message, abi::BatchPtr batch,
                      PermitHolder& permit) noexcept {
  const std::uint32_t items = batch->count;
  Watch::Slot& slot = node.control.watch().slot();
  const Shard shard = slot.shard;
  node.accounts.begin(shard, items);
  Timing timing(node, slot, items);
  Ticket* const ticket = Ticket::of(*batch);
  // The batch may be gone when work is done.
  const bool needs_ticket = ticket != nullptr && timing.is_timed();
  if (needs_ticket) ticket->abi::Ticket::acquire();
  BatchContext context(node, message, timing.began(), slot.yield, permit);
  if (items == 1) context.yield = nullptr;
  if (node.gathered) node.gathered->takes(batch->origin);
  node.instance->process(batch.release(), node.host, context);
  look_whether_empty(node);
  timing.end();
  const std::uint32_t worked = items - context.handed_back;
  // In proportion: what is handed back will take as long again.
  if (needs_ticket) {
    ticket->task_took(timing.busy() * items / std::max<std::int64_t>(1, worked));
  }
  WorkDone done;
  // What fails after the last item (`after_batch`) may be told of an item that has failed already.
  done.failed = std::min<std::int64_t>(context.failed, worked - context.cancelled);
  done.cancelled = context.cancelled;
  node.accounts.end(shard, worked - done.failed - done.cancelled, done.failed, done.cancelled,
                    timing.busy());
  node.look_at_failures();
  if (node.look_when_due) node.look_when_due();
  // Before the permit goes back: behind a limit of 1, the next batch must not overtake this one.
  context.conclude(worked);
  if (needs_ticket) abi::Ticket::release(ticket);
  return done;
}

}  // namespace

abi::BatchPtr take(Message message) {
  abi::BatchPtr batch(message.batch);
  Node* const queue = message.via->queue;
  if (queue != nullptr) {
    queue->lying[message.via->reader].leave(queue->control.shard(), batch->count, 0);
    if (queue->bounded != nullptr) queue->bounded->taken(message.via->reader, batch->count);
  }
  return batch;
}

WorkDone work(Node& node, Message message, Permit permit) noexcept {
  PermitHolder holder(std::move(permit));
  WorkDone done;
  if (message.batch == nullptr) {
    tick(node);
  } else {
    abi::BatchPtr batch = take(message);
    if (is_over(node)) {
      done.cancelled = batch->count;
      node.accounts.leave(node.control.shard(), 0, done.cancelled);
      node.conclude(message.first, batch->count, {});
    } else {
      done = work_through(node, message, std::move(batch), holder);
    }
  }
  holder.let_go();
  return done;
}

}  // namespace weir::runtime
