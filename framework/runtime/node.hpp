#pragma once

/// A node of a run, and the edges between nodes. Nothing here knows oneTBB: an edge delivers by a
/// function that the graph's builder gives it.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <weir/abi.hpp>
#include <weir/item.hpp>

#include "compile/plan.hpp"
#include "runtime/accounts.hpp"
#include "runtime/control.hpp"
#include "runtime/permit.hpp"

namespace weir::runtime {

struct Node;
struct Edge;

/// What a oneTBB edge carries: one owned reference to a batch, and the edge by which it came.
/// Trivially copyable, as oneTBB copies it about.
struct Message {
  abi::Batch* batch = nullptr;
  Edge* via = nullptr;
};

/// One reader of one port.
struct Edge {
  Node* to = nullptr;
  compile::Conversion conversion = compile::Conversion::none;
  bool one_by_one = false;
  /// Takes over the message's reference. Null: `to` is a queue.
  void (*deliver)(void* target, Message message) = nullptr;
  void* target = nullptr;
  /// What waits in the queue_node that this edge is, where it comes from a declared queue.
  Accounts* queue = nullptr;

  /// Brings a batch to the reader. Never throws: what can't be delivered for want of memory stops
  /// the run.
  void put(abi::BatchPtr batch) noexcept;

  /// The message that brings a batch to a reader which is no queue, booked as arrived.
  Message book(abi::BatchPtr batch);

 private:
  void deliver_one(abi::BatchPtr batch);
};

/// What a node that computes or blocks can ask for, and what every node can while it starts and
/// finishes.
class NodeHost : public Host {
 public:
  NodeHost(Control& control, const std::string& node) : control_(control), node_(node) {}

  bool stopping() const noexcept override { return control_.stopping(); }
  bool wait_readable(int descriptor) override;
  void note(std::string_view line) noexcept override { control_.observer().note(node_, line); }
  void print(std::string_view lines) override;

 protected:
  void begin(abi::SleepWait& wait) override;
  void begin(abi::ProcessWait& wait) override;

  Control& control_;
  const std::string& node_;
};

struct Node {
  Node(Control& control_, const compile::Plan& plan_, const compile::PlannedNode& planned_);

  Control& control;
  const compile::Plan& plan;
  const compile::PlannedNode& planned;
  std::unique_ptr<abi::Instance> instance;
  NodeHost host;
  Accounts accounts;
  Accounts waiting;  ///< of a queue: what lies in its queue_nodes
  std::vector<std::vector<Edge>> ports;

  bool is_sink() const { return planned.type->kind == abi::Kind::sink; }
  bool is_queue() const { return planned.type->kind == abi::Kind::queue; }

  /// Hands a batch to every reader of a port; without any it is dropped. One of another type than
  /// the port's stops the run: the node gives out something else than it says.
  void emit(std::uint32_t port, abi::BatchPtr batch) noexcept;
  /// Whether a batch is of its port's type; if not, the run is being stopped.
  bool fits(std::uint32_t port, const abi::Batch& batch) noexcept;

  /// An item failed: the failure goes to the `failed` port and is reported. A sink's stops the run.
  void fail(const Item& item, const Failure& failure, double seconds) noexcept;
  /// Tells the observer how an item ended.
  void report(abi::End how, std::string_view item, double seconds, const Failure* failure) noexcept;

 private:
  std::atomic<std::int64_t> reported_{0};
};

/// An item's text for people, whatever a type's own code throws while it makes it.
std::string text_of(const Item& item) noexcept;

/// Makes the instance of a planned node, with its parameters set. They have been checked.
std::unique_ptr<abi::Instance> make_instance(const compile::PlannedNode& planned);

/// What became of a batch's items, beside those that are done.
struct WorkDone {
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
};

/// Works through a batch at a node that computes or blocks, in the calling thread. Takes over the
/// message's reference. What comes out is handed on before the permit is given back.
WorkDone work(Node& node, Message message, Permit permit) noexcept;

/// Takes a message out of the queue that it waited in.
abi::BatchPtr take(Message message);

}  // namespace weir::runtime
