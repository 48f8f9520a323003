#include "runtime/node.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

#include <weir/loop.hpp>
#include <weir/record.hpp>

#include "data/batches.hpp"
#include "journal/time.hpp"
#include "runtime/failure_policy.hpp"
#include "runtime/gathered.hpp"
#include "runtime/ticket.hpp"

namespace weir::runtime {

void Edge::put(abi::BatchPtr batch, Holder* from) noexcept {
  try {
    if (conversion == compile::Conversion::to_text) batch = data::to_text(std::move(batch));
    if (splits) {
      data::in_pieces(std::move(batch), 1,
                      [&](abi::BatchPtr single) { deliver_one(std::move(single), from); });
    } else {
      deliver_one(std::move(batch), from);
    }
  } catch (...) {
    to->control.fail(to->planned.name, "an item can't be brought to it: " + abi::what_was_thrown());
  }
}

/// What is counted has to arrive: without memory for that, the end would be waited for for ever.
void Edge::deliver_one(abi::BatchPtr batch, Holder* from) noexcept {
  if (!to->is_queue()) return deliver(target, book(std::move(batch)));
  to->accounts.arrive(to->control.shard(), batch->count);
  if (to->bounded == nullptr) return to->pass_on(std::move(batch));
  to->opened(batch->count);
  to->bounded->put(std::move(batch), from);
}

Message Edge::book(abi::BatchPtr batch) {
  Message message{nullptr, this, 0};
  to->accounts.arrive(to->control.shard(), batch->count);
  to->opened(batch->count);
  if (queue != nullptr) queue->lying[reader].arrive(to->control.shard(), batch->count);
  if (to->reorder != nullptr) {
    message.first = to->numbered.fetch_add(batch->count, std::memory_order_relaxed);
  }
  message.batch = batch.release();
  return message;
}

bool NodeHost::stopping() const noexcept { return is_over(node_); }

void NodeHost::enough() noexcept { node_.enough(); }

void NodeHost::note(std::string_view line) noexcept {
  node_.control.observer().note(node_.planned.name, line);
}

bool NodeHost::wait_readable(int descriptor) {
  pollfd polled[3] = {{descriptor, POLLIN, 0},
                      {node_.control.stop_descriptor(), POLLIN, 0},
                      {node_.enough_descriptor, POLLIN, 0}};  // poll passes over a negative one
  for (;;) {
    if (poll(polled, 3, -1) < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::system_category(), "poll");
    }
    if (polled[1].revents != 0 || polled[2].revents != 0) return false;
    if (polled[0].revents != 0) return true;
  }
}

void NodeHost::print(std::string_view lines) {
  const std::string error = node_.control.observer().print(lines);
  if (!error.empty()) throw std::runtime_error(error);
}

void NodeHost::begin(abi::SleepWait&) {
  throw std::logic_error("only a call operator that returns a weir::Task can wait");
}
void NodeHost::begin(abi::ProcessWait&) {
  throw std::logic_error("only a call operator that returns a weir::Task can wait");
}

std::string text_of(const Item& item) noexcept {
  try {
    return item.text();
  } catch (...) {
    return std::string(kNoText);
  }
}

namespace {

/// The name of the type that comes to a node; null if it differs from item to item.
const char* input_of(const compile::Plan& plan, const compile::PlannedNode& node) {
  if (node.type->input != nullptr) return node.type->input->name;
  const abi::TypeInfo* common = nullptr;
  for (const std::uint32_t input : node.inputs) {
    const compile::PlannedEdge& edge = plan.edges[input];
    const abi::TypeInfo* type = plan.nodes[edge.from].ports[edge.port].type;
    if (type == nullptr || (common != nullptr && !abi::same_type(common, type))) return nullptr;
    common = type;
  }
  return common == nullptr ? nullptr : common->name;
}

std::unique_ptr<abi::Instance> make_instance(const compile::Plan& plan,
                                             const compile::PlannedNode& planned) {
  std::unique_ptr<abi::Instance> instance;
  try {
    instance.reset(planned.type->create());
  } catch (...) {
    throw std::logic_error(planned.name + ": it can't be made: " + abi::what_was_thrown());
  }
  for (const Value::Field& field : planned.parameters) {
    for (const abi::ParamSpec& param : planned.type->params) {
      if (param.name != field.key) continue;
      if (const auto error = param.set(instance->node(), field.value)) {
        throw std::logic_error(planned.name + ": " + field.key + ": " + error->message);
      }
    }
  }
  // The answer is known from the check; a node may want to keep what it said.
  instance->output_type(input_of(plan, planned));
  return instance;
}

/// What takes part in a limit, or waits, is counted exactly.
Accounts::Peaks peaks_of(const compile::PlannedNode& planned) {
  const bool is_free = planned.work == abi::Work::computes && !planned.limit &&
                       planned.entry != compile::Entry::queue;
  return is_free ? Accounts::Peaks::sampled : Accounts::Peaks::exact;
}

}  // namespace

Node::Node(Control& control_, const compile::Plan& plan_, const compile::PlannedNode& planned_)
    : control(control_),
      plan(plan_),
      planned(planned_),
      instance(make_instance(plan_, planned_)),
      host(*this),
      accounts(control.watch().shards(), peaks_of(planned_)),
      ports(planned_.ports.size()),
      reorder(planned_.ordered ? std::make_unique<Reorder>(*this) : nullptr),
      failed_port_(planned_.type->kind == abi::Kind::function ? planned_.ports.size() - 1
                                                              : planned_.ports.size()),
      open_(static_cast<std::int64_t>(planned_.inputs.size())) {
  const bool is_blocking_source =
      planned.type->kind == abi::Kind::source && planned.work == abi::Work::blocks;
  if (!is_blocking_source) return;
  enough_descriptor = eventfd(0, EFD_CLOEXEC);
  if (enough_descriptor < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

Node::~Node() {
  if (enough_descriptor >= 0) close(enough_descriptor);
}

Counts Node::counts() const {
  Counts counts = accounts.read();
  if (!is_queue()) return counts;
  counts.peak_waiting = 0;
  for (const Accounts& reader : lying) {
    counts.peak_waiting = std::max(counts.peak_waiting, reader.read().peak_waiting);
  }
  return counts;
}

void Node::emit(std::uint32_t port, abi::BatchPtr batch, Holder* from) noexcept {
  std::vector<Edge>& readers = ports[port];
  if (!fits(port, *batch)) return;
  if (port != failed_port_) accounts.give_out(control.shard(), batch->count);
  for (std::size_t i = 0; i + 1 < readers.size(); ++i) readers[i].put(batch.share(), from);
  if (!readers.empty()) readers.back().put(std::move(batch), from);
}

void Node::pass_on(abi::BatchPtr batch) noexcept {
  // A queue is the queue_nodes of its readers: it is done with an item once those hold it.
  const std::uint32_t items = batch->count;
  accounts.leave(control.shard(), items, 0);
  if (Ticket* const ticket = Ticket::of(*batch)) ticket->lies_in_queue();
  emit(0, std::move(batch));
  if (bounded != nullptr) settle(items);
}

void Node::drop(abi::BatchPtr batch) noexcept {
  const std::uint32_t items = batch->count;
  accounts.leave(control.shard(), 0, items);
  settle(items);
}

void Node::conclude(std::uint64_t first, std::uint32_t items, std::vector<Output> outputs,
                    Holder* from) noexcept {
  if (reorder == nullptr) {
    for (Output& output : outputs) emit(output.port, std::move(output.batch), from);
    settle(items);
    return;
  }
  if (items == 0) return;
  reorder->add(first, items, std::move(outputs), from);
}

bool Node::open_one_more() noexcept {
  std::int64_t open = open_.load();
  while (open > 0 && !open_.compare_exchange_weak(open, open + 1)) {
  }
  return open > 0;
}

void Node::input_ended() noexcept {
  if (on_input_ended) {
    on_input_ended();
  } else {
    let_readers_go();
  }
}

void Node::hold_readers() noexcept {
  for (std::vector<Edge>& readers : ports) {
    for (Edge& edge : readers) edge.to->opened(1);
  }
}

void Node::let_readers_go() noexcept {
  for (std::vector<Edge>& readers : ports) {
    for (Edge& edge : readers) edge.to->settle(1);
  }
}

void Node::enough() noexcept {
  if (enough_.exchange(true)) return;
  if (enough_descriptor >= 0) eventfd_write(enough_descriptor, 1);
  if (on_enough) on_enough();
  for (Node* read : reads) {
    // Sequentially consistent: of two readers that have enough at once, one sees both. Who reads
    // the failures counts only where nobody reads anything else.
    bool any = false;
    bool all = true;
    const auto look_at = [&](const std::vector<Edge>& readers) {
      any = any || !readers.empty();
      for (const Edge& edge : readers) all = all && edge.to->enough_.load();
    };
    for (std::size_t port = 0; port < read->ports.size(); ++port) {
      if (read->planned.ports[port].name != "failed") look_at(read->ports[port]);
    }
    if (!any) look_at(read->ports.back());
    if (any && all) read->enough();
  }
}

bool Node::fits(std::uint32_t port, const abi::Batch& batch) noexcept {
  const compile::PlannedPort& to = planned.ports[port];
  if (to.type == nullptr || abi::same_type(to.type, batch.type)) return true;
  control.fail(planned.name, std::string("it gave out an item of type '") + batch.type->name +
                                 "' on port '" + to.name + "', which carries '" + to.type->name +
                                 "': the node type '" + planned.type->name + "' is at fault");
  return false;
}

namespace {

/// Whatever a type's own code throws.
Record record_of(const Item& item) {
  try {
    return to_record(item);
  } catch (...) {
    return std::string(kNoText);
  }
}

abi::BatchPtr failure_record(const Node& node, const Item& item, const Failure& failure,
                             double seconds, const Node::Attempted& attempted) {
  Record record = Record::object();
  record["pipeline"] = node.plan.name;
  record["node"] = node.planned.name;
  record["item"] = record_of(item);
  record["error"] = failure.error;
  record["attempts"] = attempted.attempts;
  record["seconds"] = seconds;
  if (failure.status >= 0) record["status"] = failure.status;
  if (!failure.command.empty()) record["command"] = failure.command;
  if (!failure.output.empty()) record["output"] = failure.output;
  if (!attempted.id.empty()) record["id"] = attempted.id;
  if (!attempted.log.empty()) record["log"] = attempted.log;
  record["time"] = journal::iso_time(journal::now_ns());
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<Record>, 1, item.batch()));
  ::new (batch->items()) Record(std::move(record));
  batch->count = 1;
  if (attempted.origin != 0) batch->origin = attempted.origin;
  if (node.origin_of_failure) batch->origin = node.origin_of_failure(item, failure);
  return batch;
}

}  // namespace

void Node::fail(const Item& item, const Failure& failure, double seconds,
                const Attempted& attempted) noexcept {
  if (is_sink()) return control.fail(planned.name, failure.error);
  const bool is_read = !ports.back().empty();
  try {
    if (is_read) {
      emit(static_cast<std::uint32_t>(ports.size() - 1),
           failure_record(*this, item, failure, seconds, attempted));
    }
    report(abi::End::failed, text_of(item), seconds, &failure, &attempted);
  } catch (...) {
    control.fail(planned.name, "a failure can't be recorded: " + abi::what_was_thrown());
  }
}

void Node::look_at_failures() noexcept {
  if (!planned.on_failure.items && !planned.on_failure.percent) return;
  const Counts counts = accounts.read();
  if (counts.failed == 0) return;
  try {
    const std::string reason =
        reason_to_stop(planned.on_failure, counts.failed, counts.failed + counts.done);
    if (!reason.empty()) control.give_up(planned.name, reason);
  } catch (const std::bad_alloc&) {
    control.fail(planned.name, "no memory to say why the run is to be stopped");
  }
}

void Node::report(abi::End how, std::string_view item, double seconds, const Failure* failure,
                  const Attempted* attempted) noexcept {
  ItemEnd end;
  end.node = planned.name;
  end.waits = planned.work != abi::Work::computes;
  end.end = how;
  end.seconds = seconds;
  end.item = item;
  end.failure = failure;
  if (attempted != nullptr) {
    end.attempts = attempted->attempts;
    end.id = attempted->id;
    end.again = attempted->again;
    end.number = attempted->number;
    end.log = attempted->log;
    end.output_is_shown = attempted->output_is_shown;
  }
  end.ended = reported_.fetch_add(1, std::memory_order_relaxed) + 1;
  end.arrived = accounts.read().in;
  control.observer().item_ended(end);
}

}  // namespace weir::runtime
