#include "runtime/wiring.hpp"

#include <algorithm>

#include "runtime/deliver.hpp"
#include "runtime/hand.hpp"

namespace weir::runtime {
namespace {

/// A node with a limit of 1 that reads no source.
bool is_behind_functions(const Node& node) {
  return node.planned.limit == 1 &&
         std::none_of(node.reads.begin(), node.reads.end(), [](const Node* read) {
           return read->planned.type->kind == abi::Kind::source;
         });
}

}  // namespace

Wiring::Wiring(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes,
               Stations& stations, FlowParts& parts, Drivers& drivers)
    : plan_(plan), nodes_(nodes), stations_(stations), parts_(parts), drivers_(drivers) {
  note_what_comes_from_outside();
  entries_.resize(plan.nodes.size());
  // From the ends: the readers of a node have their entries before its edges are connected.
  for (std::size_t i = plan.nodes.size(); i-- > 0;) {
    connect_ports(i);
    Node& node = *nodes_[i];
    if (node.planned.capacity) {
      node.bounded = std::make_unique<BoundedQueue>(node, *node.planned.capacity);
    }
    make_entry(i);
    if (node.planned.type->collects) drivers_.add_giver(node);
  }
}

/// Which nodes get something from a thread that is no worker.
void Wiring::note_what_comes_from_outside() {
  comes_from_outside_.resize(plan_.nodes.size());
  for (std::size_t i = 0; i < plan_.nodes.size(); ++i) {
    for (const std::uint32_t input : plan_.nodes[i].inputs) {
      const std::uint32_t from = plan_.edges[input].from;
      if (comes_from_outside_[from] || plan_.nodes[from].work != abi::Work::computes) {
        comes_from_outside_[i] = true;
      }
    }
  }
}

void Wiring::connect_ports(std::size_t index) {
  Node& node = *nodes_[index];
  for (std::size_t port = 0; port < node.ports.size(); ++port) {
    for (const std::uint32_t reader : plan_.nodes[index].ports[port].readers) {
      if (nodes_[plan_.edges[reader].to]->is_left_out) continue;
      Edge edge = connect(node, plan_.edges[reader]);
      edge.reader = node.ports[port].size();
      if (node.is_queue()) {
        node.lying.emplace_back(node.control.watch().shards(), Accounts::Peaks::exact);
      }
      node.ports[port].push_back(edge);
    }
  }
}

Edge Wiring::connect(Node& from, const compile::PlannedEdge& planned) {
  Node& to = *nodes_[planned.to];
  EntryPoint& entry = entries_[planned.to];
  Edge edge;
  edge.to = &to;
  edge.conversion = planned.conversion;
  edge.one_by_one = planned.one_by_one;
  edge.splits = planned.one_by_one && (entry.station == nullptr || !entry.station->takes_batches());
  if (to.is_queue()) return edge;
  const auto by = [&edge](void (*deliver)(void*, Message), void* target) {
    edge.deliver = deliver;
    edge.target = target;
    return edge;
  };
  if (to.planned.entry == compile::Entry::fused) return by(deliver_in_this_task, &to);
  if (from.is_queue()) edge.queue = &from;
  if (entry.station != nullptr) return by(deliver_to_station, entry.station);
  if (entry.intake != nullptr) return by(deliver_to_intake, entry.intake);
  return by(deliver_to_receiver, &way_to(from, entry));
}

/// To a node that oneTBB runs.
Receiver& Wiring::way_to(const Node& from, EntryPoint& entry) {
  if (!from.is_queue()) return entry.gate == nullptr ? *entry.node : own_queue(entry);
  QueueNode& queue = parts_.make<QueueNode>();
  if (entry.gate != nullptr) {
    flow::make_edge(queue, entry.gate->limiter);
  } else {
    flow::make_edge(queue, *entry.node);
  }
  return queue;
}

/// The queue_node before a gate for what doesn't come out of a declared queue.
QueueNode& Wiring::own_queue(EntryPoint& entry) {
  if (entry.own_queue == nullptr) {
    entry.own_queue = &parts_.make<QueueNode>();
    flow::make_edge(*entry.own_queue, entry.gate->limiter);
  }
  return *entry.own_queue;
}

void Wiring::make_entry(std::size_t index) {
  Node& node = *nodes_[index];
  EntryPoint& entry = entries_[index];
  if (entry.station = stations_.of(index); entry.station != nullptr) return;
  switch (node.planned.entry) {
    case compile::Entry::source:
      return drivers_.add_source(node);
    case compile::Entry::queue:
      return;
    case compile::Entry::fused:
      break;
    case compile::Entry::direct:
    case compile::Entry::limited:
      if (comes_from_outside_[index] || is_behind_functions(node)) {
        entry.intake = &make_intake(node);
      } else {
        std::size_t concurrency = flow::unlimited;
        if (node.planned.limit) concurrency = static_cast<std::size_t>(*node.planned.limit);
        entry.node = &make_node(node, concurrency, nullptr);
      }
      break;
    case compile::Entry::gated:
      entry.gate = &parts_.make<LimiterGate>(static_cast<std::size_t>(*node.planned.limit));
      entry.node = &make_node(node, flow::unlimited, entry.gate);
      flow::make_edge(entry.gate->limiter, *entry.node);
      break;
  }
  make_way_back(node, entry);
}

/// How what a node has handed back comes to it again, and its ticks.
void Wiring::make_way_back(Node& node, EntryPoint& entry) {
  if (node.planned.work != abi::Work::computes) return;
  if (node.planned.limit == 1 && !node.planned.type->ticks) return;
  node.again.to = &node;
  if (entry.intake != nullptr) {
    node.again.target = entry.intake;
    node.again.deliver = deliver_to_workers;
    return;
  }
  Receiver* receiver = entry.node;
  if (entry.gate != nullptr) receiver = &own_queue(entry);
  if (receiver == nullptr) receiver = &make_node(node, flow::unlimited, nullptr);  // fused
  node.again.target = receiver;
  node.again.deliver = deliver_to_receiver;
}

/// Before a node that gets something from outside of the workers.
Intake& Wiring::make_intake(Node& node) {
  look_at_ticks(node);
  auto& intake = intakes_.emplace_back();
  Receiver& body = parts_.make<FunctionNode>(flow::unlimited, [&intake](const Message& message) {
    const WorksItself here(WorksItself::Who::worker);
    intake->work_on(message);
    return flow::continue_msg();
  });
  intake = std::make_unique<Intake>(node, [&body](Message message) { body.try_put(message); });
  return *intake;
}

Receiver& Wiring::make_node(Node& node, std::size_t concurrency, LimiterGate* gate) {
  look_at_ticks(node);
  return parts_.make<FunctionNode>(concurrency, [&node, gate](const Message& message) {
    const WorksItself here(WorksItself::Who::worker);
    work(node, message, Permit(gate));
    return flow::continue_msg();
  });
}

void Wiring::look_at_ticks(Node& node) {
  if (!node.planned.type->ticks) return;
  TickTimer& timer = *timers_.emplace_back(std::make_unique<TickTimer>(node));
  node.look_when_due = [&timer] { timer.look(); };
}

}  // namespace weir::runtime
