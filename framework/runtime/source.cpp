#include "runtime/source.hpp"

#include <algorithm>
#include <chrono>

#include <weir/loop.hpp>

#include "data/batches.hpp"
#include "runtime/gathered.hpp"
#include "runtime/hand.hpp"

namespace weir::runtime {
namespace {

/// Puts tickets on what a source makes.
class SourceContext final : public abi::Context {
 public:
  SourceContext(Node& node, Credit& credit, std::deque<abi::BatchPtr>& made)
      : node_(node), credit_(credit), made_(made) {}

  void emit(std::uint32_t port, abi::Batch* taken) noexcept override {
    abi::BatchPtr batch(taken);
    if (!node_.fits(port, *batch)) return;
    try {
      if (node_.gathered) node_.gathered->mark(batch);
      // A source may keep an item that it gives out: the ticket then goes on a copy.
      if (!batch->alone()) batch = data::copy_of(*batch);
      // Few texts out of a large buffer must not hold on to all of it: what is in flight is counted
      // by the texts.
      if (const abi::Block* block = batch->storage; block != nullptr && block->next == nullptr) {
        batch = abi::shrunk(std::move(batch), block->capacity);
      }
      abi::Ticket::release(std::exchange(batch->ticket, nullptr));
      batch->ticket = credit_.issue(*batch);
      made_.push_back(std::move(batch));
    } catch (...) {
      node_.control.fail(node_.planned.name, abi::what_was_thrown());
    }
  }
  void fail(abi::Batch*, std::uint32_t, const Failure& failure) noexcept override {
    node_.control.fail(node_.planned.name, failure.error);
  }
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

 private:
  Node& node_;
  Credit& credit_;
  std::deque<abi::BatchPtr>& made_;
};

using Time = std::chrono::steady_clock::time_point;

/// A source that takes longer for what it makes has waited for it.
constexpr std::chrono::milliseconds kWait{1};

/// Whether every reader takes items one by one, at once or behind queues: then larger batches would
/// only be taken apart again.
bool all_one_by_one(const std::vector<Edge>& readers) {
  return std::all_of(readers.begin(), readers.end(), [](const Edge& edge) {
    return edge.one_by_one || (edge.to->is_queue() && all_one_by_one(edge.to->ports[0]));
  });
}

}  // namespace

/// What a source gives out waits in a full queue: it makes nothing more until that has found room.
class Source::BlockingHolder final : public Holder {
 public:
  explicit BlockingHolder(Credit& credit) : credit_(credit) {}
  std::shared_ptr<void> share() override {
    credit_.block();
    return {&credit_, [](Credit* credit) { credit->unblock(); }};
  }

 private:
  Credit& credit_;
};

Source::Source(Node& node, std::uint32_t batch)
    : node_(node),
      credit_(node.control, {node.planned.max_items, node.planned.max_bytes}, batch,
              static_cast<std::uint32_t>(node.planned.smallest_capacity)) {
  one_by_one_ = all_one_by_one(node.ports[0]) && !node.ports[0].empty();
  node.on_enough = [this] { credit_.end(); };
}

void Source::give_late(abi::BatchPtr batch) {
  abi::Ticket::release(std::exchange(batch->ticket, nullptr));
  batch->ticket = credit_.issue(*batch);
  emit(std::move(batch));
}

void Source::emit(abi::BatchPtr batch) noexcept {
  BlockingHolder holder(credit_);
  node_.emit(0, std::move(batch), &holder);
}

SourceStatus Source::status() const {
  SourceStatus status;
  status.node = node_.planned.name;
  status.ended = ended_;
  status.max_items = node_.planned.max_items;
  status.max_bytes = node_.planned.max_bytes;
  status.bytes_in_flight = credit_.bytes_out();
  status.items_in_flight = credit_.items_out();
  status.held_back = !ended_ && credit_.left() == 0;
  if (const std::int64_t total = total_; total >= 0) status.total = total;
  return status;
}

bool Source::feeds_a_bounded_queue() const {
  const std::vector<Edge>& readers = node_.ports[0];
  return std::any_of(readers.begin(), readers.end(),
                     [](const Edge& edge) { return edge.to->bounded != nullptr; });
}

abi::BatchPtr Source::next() noexcept {
  while (!ended_) {
    if (is_over(node_) || (exhausted_ && made_.empty())) {
      end();
    } else if (!made_.empty()) {
      return take_made();
    } else {
      const std::int64_t credit = credit_.available();
      // Nobody calls again when its readers have had enough just now: it looks again itself.
      if (credit == 0 && credit_.has_ended()) continue;
      if (credit == 0) break;
      make(credit);
    }
  }
  return {};
}

void Source::give_up(const std::string& why) noexcept {
  node_.control.fail(node_.planned.name, why);
  run_to_end();  // the run is being stopped: it ends at once
}

void Source::run_to_end() noexcept {
  while (!ended_) {
    if (!exhausted_ && !is_over(node_)) {
      const std::int64_t credit = credit_.wait_available();
      if (credit != 0) make(credit);
    }
    {
      // What comes slowly is worked on here, without waking a worker for it.
      const WorksItself here(has_waited_ && credit_.items_out() == made_items()
                                 ? WorksItself::Who::outsider
                                 : WorksItself::Who::nobody);
      while (!made_.empty() && !is_over(node_)) emit(take_made());
    }
    if (exhausted_ || is_over(node_)) end();
  }
}

Edge* Source::straight_edge() const {
  std::vector<Edge>& readers = node_.ports[0];
  if (readers.size() != 1) return nullptr;
  Edge& edge = readers[0];
  if (edge.to->is_queue() || edge.conversion != compile::Conversion::none) return nullptr;
  return edge.one_by_one && !one_by_one_ ? nullptr : &edge;
}

void Source::make(std::int64_t credit) noexcept {
  if (!std::exchange(has_begun_, true)) total_ = node_.instance->total().value_or(kUnknown);
  const std::uint32_t size = one_by_one_ ? 1 : credit_.sizer().size();
  SourceContext context(node_, credit_, made_);
  std::string error;
  const bool may_wait = node_.planned.work == abi::Work::blocks;
  const Time began = may_wait ? std::chrono::steady_clock::now() : Time();
  const abi::Produced produced = node_.instance->produce(
      static_cast<std::uint32_t>(std::min<std::int64_t>(size, credit)), node_.host, context, error);
  if (produced == abi::Produced::failed) node_.control.fail(node_.planned.name, error);
  exhausted_ = produced != abi::Produced::more;
  has_waited_ = may_wait && std::chrono::steady_clock::now() - began > kWait;
}

std::int64_t Source::made_items() const {
  std::int64_t items = 0;
  for (const abi::BatchPtr& batch : made_) items += batch->count;
  return items;
}

abi::BatchPtr Source::take_made() noexcept {
  abi::BatchPtr batch = std::move(made_.front());
  made_.pop_front();
  // A source's items are done when they leave it; a collector's accounts are of what it took.
  if (node_.planned.type->kind == abi::Kind::source)
    node_.accounts.make(node_.control.shard(), batch->count);
  return batch;
}

void Source::end() noexcept {
  made_.clear();
  ended_ = true;
  node_.let_readers_go();
  credit_.source_ended();
}

}  // namespace weir::runtime
