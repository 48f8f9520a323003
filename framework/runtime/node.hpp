#pragma once

/// A node of a run, and the edges between nodes. Nothing here knows oneTBB: an edge delivers by a
/// function that the graph's builder gives it.

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <weir/abi.hpp>
#include <weir/item.hpp>

#include "compile/plan.hpp"
#include "runtime/accounts.hpp"
#include "runtime/bounded_queue.hpp"
#include "runtime/control.hpp"
#include "runtime/hold.hpp"
#include "runtime/pace.hpp"
#include "runtime/reorder.hpp"

namespace weir::runtime {

class Gathered;
struct Node;
struct Edge;

/// What a oneTBB edge carries: one owned reference to a batch, the edge by which it came, and the
/// number of its first item at an ordered node. Without a batch: it is time for the node's `tick`.
/// Trivially copyable, as oneTBB copies it about.
struct Message {
  abi::Batch* batch = nullptr;
  Edge* via = nullptr;
  std::uint64_t first = 0;
};

/// One reader of one port.
struct Edge {
  Node* to = nullptr;
  compile::Conversion conversion = compile::Conversion::none;
  bool one_by_one = false;  ///< `to` waits or blocks
  bool splits = false;      ///< brings each item in a message of its own
  /// Takes over the message's reference. Null: `to` is a queue.
  void (*deliver)(void* target, Message message) = nullptr;
  void* target = nullptr;
  /// The declared queue that it comes from, if it comes from one, and which of its readers it is.
  Node* queue = nullptr;
  std::size_t reader = 0;

  /// Brings a batch to the reader. Never throws: what can't be delivered for want of memory stops
  /// the run. A full queue takes a share of `from`, if there is one.
  void put(abi::BatchPtr batch, Holder* from) noexcept;

  /// The message that brings a batch to a reader which is no queue, booked as arrived.
  Message book(abi::BatchPtr batch);

 private:
  void deliver_one(abi::BatchPtr batch, Holder* from) noexcept;
};

/// What a node that computes or blocks can ask for, and what every node can while it starts and
/// finishes.
class NodeHost : public Host {
 public:
  explicit NodeHost(Node& node) : node_(node) {}

  bool stopping() const noexcept override;
  void enough() noexcept override;
  bool wait_readable(int descriptor) override;
  void note(std::string_view line) noexcept override;
  void print(std::string_view lines) override;

 protected:
  void begin(abi::SleepWait& wait) override;
  void begin(abi::ProcessWait& wait) override;

  Node& node_;
};

struct Node {
  Node(Control& control_, const compile::Plan& plan_, const compile::PlannedNode& planned_);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  Control& control;
  const compile::Plan& plan;
  const compile::PlannedNode& planned;
  std::unique_ptr<abi::Instance> instance;
  NodeHost host;
  Accounts accounts;
  std::deque<Accounts> lying;  ///< of a queue: what lies in the queue_node of each reader
  std::vector<std::vector<Edge>> ports;
  bool takes_failures = false;  ///< a sink that reads `failed` ports and nothing else
  bool is_left_out = false;     ///< a sink, where nothing is to be done: nothing comes to it
  std::vector<Node*> reads;     ///< what it reads, each node once for each edge
  Edge again;                   ///< brings back to it what it has handed back, and its ticks

  std::unique_ptr<BoundedQueue> bounded;   ///< of a queue with a capacity; made when ports are
  std::unique_ptr<Reorder> reorder;        ///< of an ordered function
  std::unique_ptr<Gathered> gathered;      ///< of a collector, where it is written down who came
  std::atomic<std::uint64_t> numbered{0};  ///< items that came to an ordered function

  /// What became of its items. What waits at a queue lies in it, until its slowest reader has it.
  Counts counts() const;

  bool is_sink() const { return planned.type->kind == abi::Kind::sink; }
  bool is_queue() const { return planned.type->kind == abi::Kind::queue; }

  /// Hands a batch to every reader of a port; without any it is dropped. One of another type than
  /// the port's stops the run: the node gives out something else than it says. A full queue takes
  /// a share of `from`.
  void emit(std::uint32_t port, abi::BatchPtr batch, Holder* from = nullptr) noexcept;
  /// Whether a batch is of its port's type; if not, the run is being stopped.
  bool fits(std::uint32_t port, const abi::Batch& batch) noexcept;
  /// Of a queue: a batch goes on to its readers.
  void pass_on(abi::BatchPtr batch) noexcept;
  /// Of a queue with a capacity: the run is being stopped before a batch has found room.
  void drop(abi::BatchPtr batch) noexcept;

  /// The items [first, first + items) have ended, and that came of them. Of an ordered node they
  /// take their turn.
  void conclude(std::uint64_t first, std::uint32_t items, std::vector<Output> outputs,
                Holder* from = nullptr) noexcept;

  /// What else there is to say of an item that has failed.
  struct Attempted {
    std::int64_t attempts = 1;
    std::string id;            ///< empty: it has none
    std::int64_t number = 0;   ///< see ItemEnd
    std::string again;         ///< see ItemEnd
    std::uint64_t origin = 0;  ///< for what comes of the failure: see Batch::origin
    std::string log;  ///< the file of what its command wrote to standard error; empty: none
    bool output_is_shown = false;  ///< what its command wrote has gone to an OutputTap
  };
  /// An item failed: the failure goes to the `failed` port and is reported. A sink's stops the run.
  void fail(const Item& item, const Failure& failure, double seconds,
            const Attempted& attempted) noexcept;
  void fail(const Item& item, const Failure& failure, double seconds) noexcept {
    fail(item, failure, seconds, Attempted());
  }
  /// Items have been booked: stops the run if too many of them have failed (`on_failure`).
  void look_at_failures() noexcept;
  /// Tells the observer how an item ended.
  void report(abi::End how, std::string_view item, double seconds, const Failure* failure,
              const Attempted* attempted = nullptr) noexcept;

  /// One was done in an earlier run: those who count what is reported count it, too.
  void count_known() noexcept { reported_.fetch_add(1, std::memory_order_relaxed); }

  // The end of its input, where it matters (`planned.end_matters`): when all that it reads has
  // ended, and so has all that came from there.

  /// An item, or a tick, is on its way to it; or a node that it reads. False: its input has ended.
  bool open_one_more() noexcept;
  void opened(std::int64_t items) noexcept {
    if (planned.end_matters) open_.fetch_add(items, std::memory_order_relaxed);
  }
  /// They have ended, and what came of them has been handed on.
  void settle(std::int64_t items) noexcept {
    if (!planned.end_matters) return;
    if (open_.fetch_sub(items, std::memory_order_acq_rel) == items) return input_ended();
    if (on_settled) on_settled();
  }
  /// Something is on its way to its readers, or may be: their input does not end before
  /// `let_readers_go`. Each node begins with one such hold.
  void hold_readers() noexcept;
  void let_readers_go() noexcept;
  /// How many items, and nodes that it reads, have not ended.
  std::int64_t open() const { return open_.load(std::memory_order_acquire); }
  /// Called when some have ended, and others have not.
  std::function<void()> on_settled;
  /// Of a collector: called when its input has ended; it then gives out the rest.
  std::function<void()> on_input_ended;
  /// Of a node that ticks: it has worked, so it may be due at another time. Called before what it
  /// has worked on is settled: behind that, its input may have ended, and it may be giving out.
  std::function<void()> look_when_due;
  /// Of a collector: gives out a batch when no item is in hand, as a source does; throws
  /// std::bad_alloc. And whether that is to be done now.
  std::function<void(abi::BatchPtr)> give_late;
  std::function<bool()> may_give;

  /// Of a node that computes: its tasks, those that take long are for workers.
  Pace pace;

  /// Of one that computes, where it is written down what comes of what: a number for Batch::origin.
  std::function<std::uint64_t(const Item&, const Failure&)> origin_of_failure;

  // Early ends: a node, or all of its readers, want no more items.

  void enough() noexcept;
  bool has_enough() const noexcept { return enough_.load(std::memory_order_relaxed); }
  /// Of a source and of a function that waits or blocks: called once, when its readers have enough.
  std::function<void()> on_enough;
  /// Becomes readable then. -1: nobody waits for it.
  int enough_descriptor = -1;

 private:
  void input_ended() noexcept;

  const std::size_t failed_port_;  ///< a function's last one; beyond the last where there is none
  std::atomic<std::int64_t> reported_{0};  // or known from before
  std::atomic<std::int64_t> open_;
  std::atomic<bool> enough_{false};
};

/// In place of a text that an item's type could not make.
inline constexpr std::string_view kNoText = "<?>";

/// An item's text for people, whatever a type's own code throws while it makes it.
std::string text_of(const Item& item) noexcept;

/// What became of a batch's items, beside those that are done.
struct WorkDone {
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
};

/// Works through a batch at a node that computes or blocks, in the calling thread, or does what it
/// is time for. Takes over the message's reference. What comes out is handed on before the permit
/// is given back.
WorkDone work(Node& node, Message message, Permit permit) noexcept;

/// Takes a message out of the queue that it waited in.
abi::BatchPtr take(Message message);

/// Whether work on what comes to the node is not to begin any more. What failed, maybe the cause of
/// the stop, is still taken down.
inline bool is_over(const Node& node) {
  const bool stops = node.takes_failures ? node.control.is_cut_off() : node.control.stopping();
  return stops || node.has_enough();
}

}  // namespace weir::runtime
