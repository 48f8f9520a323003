#include "runtime/node.hpp"

#include <cerrno>
#include <poll.h>
#include <stdexcept>
#include <system_error>

#include <weir/loop.hpp>
#include <weir/record.hpp>

#include "data/batches.hpp"

namespace weir::runtime {

void Edge::put(abi::BatchPtr batch) noexcept {
  try {
    if (conversion == compile::Conversion::to_text) batch = data::to_text(std::move(batch));
    if (one_by_one) {
      data::one_by_one(std::move(batch),
                       [&](abi::BatchPtr single) { deliver_one(std::move(single)); });
    } else {
      deliver_one(std::move(batch));
    }
  } catch (...) {
    to->control.fail(to->planned.name, "an item can't be brought to it: " + abi::what_was_thrown());
  }
}

void Edge::deliver_one(abi::BatchPtr batch) {
  if (!to->is_queue()) return deliver(target, book(std::move(batch)));
  // A queue is the queue_nodes of its readers: it is done with an item once those hold it.
  to->accounts.arrive(batch->count);
  to->accounts.leave(batch->count, 0);
  to->emit(0, std::move(batch));
}

Message Edge::book(abi::BatchPtr batch) {
  to->accounts.arrive(batch->count);
  if (queue != nullptr) queue->arrive(batch->count);
  return Message{batch.release(), this};
}

bool NodeHost::wait_readable(int descriptor) {
  pollfd polled[2] = {{descriptor, POLLIN, 0}, {control_.stop_descriptor(), POLLIN, 0}};
  for (;;) {
    if (poll(polled, 2, -1) < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::system_category(), "poll");
    }
    if (polled[1].revents != 0) return false;
    if (polled[0].revents != 0) return true;
  }
}

void NodeHost::print(std::string_view lines) {
  const std::string error = control_.observer().print(lines);
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
    return "<?>";
  }
}

std::unique_ptr<abi::Instance> make_instance(const compile::PlannedNode& planned) {
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
  return instance;
}

Node::Node(Control& control_, const compile::Plan& plan_, const compile::PlannedNode& planned_)
    : control(control_),
      plan(plan_),
      planned(planned_),
      instance(make_instance(planned_)),
      host(control_, planned_.name),
      ports(planned_.ports.size()) {}

void Node::emit(std::uint32_t port, abi::BatchPtr batch) noexcept {
  std::vector<Edge>& readers = ports[port];
  if (!fits(port, *batch)) return;
  if (planned.ports[port].name != "failed") accounts.give_out(batch->count);
  for (std::size_t i = 0; i + 1 < readers.size(); ++i) readers[i].put(batch.share());
  if (!readers.empty()) readers.back().put(std::move(batch));
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

Record item_as_record(const Item& item) {
  if (const auto* record = item.as<Record>()) return *record;
  if (const auto* number = item.as<std::int64_t>()) return *number;
  if (const auto* number = item.as<double>()) return *number;
  if (const auto* boolean = item.as<bool>()) return *boolean;
  return text_of(item);
}

abi::BatchPtr failure_record(const Node& node, const Item& item, const Failure& failure,
                             double seconds) {
  Record record = Record::object();
  record["pipeline"] = node.plan.name;
  record["node"] = node.planned.name;
  record["item"] = item_as_record(item);
  record["error"] = failure.error;
  record["attempts"] = 1;
  record["seconds"] = seconds;
  if (failure.status >= 0) record["status"] = failure.status;
  if (!failure.command.empty()) record["command"] = failure.command;
  if (!failure.output.empty()) record["output"] = failure.output;
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<Record>, 1, item.batch()));
  ::new (batch->items()) Record(std::move(record));
  batch->count = 1;
  return batch;
}

}  // namespace

void Node::fail(const Item& item, const Failure& failure, double seconds) noexcept {
  if (is_sink()) return control.fail(planned.name, failure.error);
  const bool is_read = !ports.back().empty();
  try {
    if (is_read) {
      emit(static_cast<std::uint32_t>(ports.size() - 1),
           failure_record(*this, item, failure, seconds));
    }
    report(abi::End::failed, text_of(item), seconds, &failure);
  } catch (...) {
    control.fail(planned.name, "a failure can't be recorded: " + abi::what_was_thrown());
  }
}

void Node::report(abi::End how, std::string_view item, double seconds,
                  const Failure* failure) noexcept {
  ItemEnd end;
  end.node = planned.name;
  end.waits = planned.work != abi::Work::computes;
  end.end = how;
  end.seconds = seconds;
  end.item = item;
  end.failure = failure;
  end.ended = reported_.fetch_add(1, std::memory_order_relaxed) + 1;
  end.arrived = accounts.read().in;
  control.observer().item_ended(end);
}

}  // namespace weir::runtime
