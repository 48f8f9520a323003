#include "runtime/source.hpp"

#include <algorithm>

namespace weir::runtime {
namespace {

/// Puts tickets on what a source makes and hands it on at once.
class SourceContext final : public abi::Context {
 public:
  SourceContext(Node& node, Credit& credit, std::uint64_t& place)
      : node_(node), credit_(credit), place_(place) {}

  void emit(std::uint32_t port, abi::Batch* taken) noexcept override {
    abi::BatchPtr batch(taken);
    try {
      if (!batch->alone()) batch = own(std::move(batch));
      abi::Ticket::release(std::exchange(batch->ticket, nullptr));
      batch->ticket = credit_.issue(batch->count);
    } catch (const std::exception& error) {
      return node_.control.fail(node_.planned.name, error.what());
    }
    batch->place = place_;
    place_ += batch->count;
    // A source's items are done when they are out.
    node_.accounts.arrive(batch->count);
    node_.accounts.leave(batch->count, 0);
    node_.emit(port, std::move(batch));
  }
  void fail(abi::Batch*, std::uint32_t, const Failure& failure) noexcept override {
    node_.control.fail(node_.planned.name, failure.error);
  }
  void hand_back(abi::Batch*, std::uint32_t) noexcept override {}

 private:
  /// A source may keep an item that it gives out: the ticket then goes on a copy.
  static abi::BatchPtr own(abi::BatchPtr batch) {
    if (batch->type->copy == nullptr) {
      throw std::runtime_error(std::string("items of type '") + batch->type->name +
                               "' can't be copied");
    }
    abi::BatchPtr copy(abi::Batch::make(batch->type, batch->count));
    batch->type->copy(copy->items(), batch->items(), batch->count);
    copy->count = batch->count;
    if (batch->storage != nullptr) {
      batch->storage->acquire();
      copy->storage = batch->storage;
    }
    return copy;
  }

  Node& node_;
  Credit& credit_;
  std::uint64_t& place_;
};

/// Whether every reader takes items one by one, at once or behind queues: then larger batches would
/// only be taken apart again.
bool all_one_by_one(const std::vector<Edge>& readers) {
  return std::all_of(readers.begin(), readers.end(), [](const Edge& edge) {
    return edge.one_by_one || (edge.to->is_queue() && all_one_by_one(edge.to->ports[0]));
  });
}

}  // namespace

Source::Source(Node& node, std::int64_t max_in_flight)
    : node_(node), credit_(node.control, max_in_flight) {
  one_by_one_ = all_one_by_one(node.ports[0]) && !node.ports[0].empty();
  node.control.work_begins();
}

Source::Step Source::step() noexcept {
  if (ended_) return Step::ended;
  if (node_.control.stopping()) {
    end();
    return Step::ended;
  }
  const std::int64_t credit = credit_.available();
  return credit == 0 ? Step::paused : make(credit);
}

void Source::run_to_end() noexcept {
  while (!ended_) {
    const std::int64_t credit = credit_.wait_available();
    if (credit == 0) return end();  // the run is being stopped
    make(credit);
  }
}

Source::Step Source::make(std::int64_t credit) noexcept {
  const std::uint32_t size = one_by_one_ ? 1 : credit_.sizer().size();
  SourceContext context(node_, credit_, place_);
  std::string error;
  const abi::Produced produced = node_.instance->produce(
      static_cast<std::uint32_t>(std::min<std::int64_t>(size, credit)), node_.host, context, error);
  switch (produced) {
    case abi::Produced::more:
      return Step::made;
    case abi::Produced::failed:
      node_.control.fail(node_.planned.name, error);
      [[fallthrough]];
    case abi::Produced::end:
      break;
  }
  end();
  return Step::ended;
}

void Source::end() noexcept {
  if (ended_) return;
  ended_ = true;
  node_.control.work_ends();
}

}  // namespace weir::runtime
