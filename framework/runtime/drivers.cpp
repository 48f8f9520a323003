#include "runtime/drivers.hpp"

#include <algorithm>

#include <weir/loop.hpp>

#include "io/thread.hpp"
#include "runtime/deliver.hpp"
#include "runtime/hand.hpp"

namespace weir::runtime {
namespace {

/// How many cheap batches a source works on in a row.
constexpr int kCheapRow = 64;

/// Whether all that follows a node can be done in the task that works on it.
bool stays_in_task(const Node& node) {
  return std::all_of(node.ports.begin(), node.ports.end(), [](const std::vector<Edge>& readers) {
    return std::all_of(readers.begin(), readers.end(), [](const Edge& edge) {
      const bool stays = edge.deliver == deliver_in_this_task ||
                         (edge.deliver == deliver_to_intake && edge.to->planned.limit == 1);
      return stays && stays_in_task(*edge.to);
    });
  });
}

/// The body of the input_node of a source.
class GiveOut {
 public:
  GiveOut(Node& node, Source& source, Edge* straight)
      : node_(node),
        source_(source),
        straight_(straight),
        stays_(straight != nullptr && !straight->to->planned.limit &&
               stays_in_task(*straight->to)) {}

  Message operator()(oneapi::tbb::flow_control& control) const {
    const WorksItself here(WorksItself::Who::worker);
    for (int row = 1;; ++row) {
      abi::BatchPtr batch = source_.next();
      if (!batch) {
        control.stop();
        return Message();
      }
      if (straight_ == nullptr) {
        // The next call may say that there is nothing more: not before this has been emitted.
        node_.hold_readers();
        return Message{batch.release(), nullptr};
      }
      node_.accounts.give_out(node_.control.shard(), batch->count);
      const Message message = straight_->book(std::move(batch));
      // What is less work than its message is done here. But the body is short: it holds a spin
      // lock of oneTBB's.
      if (row == kCheapRow || !stays_ || !source_.is_cheap()) return message;
      work(*straight_->to, message, Permit());
    }
  }

 private:
  Node& node_;
  Source& source_;
  Edge* straight_;
  bool stays_;
};

}  // namespace

void Drivers::add_source(Node& node) {
  auto source = std::make_unique<Source>(node, batch_);
  if (node.planned.work == abi::Work::blocks) {
    blocking_.push_back(std::move(source));
  } else {
    sources_.push_back(drive(node, std::move(source)));
  }
}

void Drivers::add_giver(Node& node) {
  auto source = std::make_unique<Source>(node, batch_);
  node.give_late = [giver = source.get()](abi::BatchPtr batch) {
    giver->give_late(std::move(batch));
  };
  node.may_give = [giver = source.get()] { return giver->may_give(); };
  const Driven& driven = givers_.emplace_back(drive(node, std::move(source)));
  node.on_input_ended = [input = driven.input.get()] { input->activate(); };
}

/// By an input_node, which begins when it is activated.
Drivers::Driven Drivers::drive(Node& node, std::unique_ptr<Source> source) {
  Edge* straight = source->straight_edge();
  if (straight != nullptr && straight->deliver != deliver_to_receiver) straight = nullptr;
  auto input =
      std::make_unique<flow::input_node<Message>>(parts_.graph(), GiveOut(node, *source, straight));
  const auto emit = [&made_by = *source, &node](const Message& made) {
    made_by.emit(abi::BatchPtr(made.batch));
    node.let_readers_go();
    return flow::continue_msg();
  };
  // By a oneTBB edge and not by the body, so that a worker takes the batch on before it makes the
  // next one: little is in flight, and it is worked on while it is in the cache.
  if (straight != nullptr) {
    flow::make_edge(*input, *static_cast<Receiver*>(straight->target));
  } else if (source->feeds_a_bounded_queue()) {
    // The input_node keeps what is rejected, and makes nothing more meanwhile.
    flow::make_edge(*input, parts_.make<RejectingNode>(flow::serial, emit));
  } else {
    flow::make_edge(*input, parts_.make<FunctionNode>(flow::serial, emit));
  }
  source->on_resume([input = input.get()] { input->activate(); });
  return {std::move(source), std::move(input)};
}

void Drivers::start() {
  for (Driven& driven : sources_) driven.input->activate();
  for (const auto& source : blocking_) {
    try {
      io::add_thread(threads_, [&running = *source] { running.run_to_end(); });
    } catch (...) {
      source->give_up(abi::what_was_thrown());
    }
  }
}

void Drivers::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<SourceStatus> Drivers::status() const {
  std::vector<SourceStatus> all;
  for (const Driven& driven : sources_) all.push_back(driven.source->status());
  for (const auto& source : blocking_) all.push_back(source->status());
  return all;
}

}  // namespace weir::runtime
