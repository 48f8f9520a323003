#include "runtime/graph.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <optional>
#include <thread>

#include "runtime/executor.hpp"
#include "runtime/hand.hpp"
#include "runtime/intake.hpp"
#include "runtime/reactor_clock.hpp"
#include "runtime/source.hpp"
#include "runtime/stations.hpp"
#include "runtime/status_of.hpp"
#include "runtime/tick_timer.hpp"
#include "runtime/workers.hpp"

namespace weir::runtime {
namespace {

namespace flow = oneapi::tbb::flow;

using Receiver = flow::receiver<Message>;
using FunctionNode = flow::function_node<Message, flow::continue_msg>;
using RejectingNode = flow::function_node<Message, flow::continue_msg, flow::rejecting>;
using QueueNode = flow::queue_node<Message>;
using LimiterNode = flow::limiter_node<Message, int>;

/// A oneTBB node that has to live as long as the graph.
struct Part {
  virtual ~Part() = default;
};
template <class T>
struct PartOf final : Part {
  template <class... A>
  explicit PartOf(A&&... arguments) : node(std::forward<A>(arguments)...) {}
  T node;
};

/// A limiter whose decrementer takes exactly 1 for each permit. Everything in front of it is a
/// queue_node: a message that a limiter rejects is kept only by a node that buffers.
class LimiterGate final : public Gate, public Part {
 public:
  LimiterGate(flow::graph& graph, std::size_t permits) : limiter(graph, permits) {}
  void give_back() noexcept override { limiter.decrementer().try_put(1); }

  LimiterNode limiter;
};

/// How many cheap batches a source works on in a row.
constexpr int kCheapRow = 64;

void deliver_to_receiver(void* target, Message message) {
  // Accepted always: unlimited nodes, nodes with a queue inside, and queues are all that is wired.
  static_cast<Receiver*>(target)->try_put(message);
}

void deliver_to_intake(void* target, Message message) {
  static_cast<Intake*>(target)->put(message);
}

void deliver_to_workers(void* target, Message message) {
  static_cast<Intake*>(target)->put_for_workers(message);
}

void deliver_to_station(void* target, Message message) {
  static_cast<Station*>(target)->arrive(message);
}

void deliver_in_this_task(void* target, Message message) {
  work(*static_cast<Node*>(target), message, Permit());
}

}  // namespace

class Graph::Impl {
 public:
  Impl(const compile::Plan& plan, Control& control, const GraphOptions& options)
      : plan_(plan),
        control_(control),
        options_(options),
        workers_(oneapi::tbb::global_control::max_allowed_parallelism,
                 static_cast<std::size_t>(options.threads) + 1),
        arena_(options.threads, 0) {
    bring_up(arena_, options.threads);
    // A graph belongs to the arena in which it is made.
    arena_.execute([&] { graph_.emplace(); });
    workers_executor_.emplace(arena_, *graph_);
    hand_.emplace(*workers_executor_);
    clock_.emplace(control.reactor(), *hand_);
    note_what_comes_from_outside();
    for (const compile::PlannedNode& planned : plan.nodes) {
      Node& node = *nodes_.emplace_back(std::make_unique<Node>(control, plan, planned));
      node.is_left_out = options.records.only_say && node.is_sink();
      for (const std::uint32_t input : planned.inputs) {
        node.reads.push_back(nodes_[plan.edges[input].from].get());
      }
    }
    stations_.emplace(plan, nodes_, options.records, *clock_, *hand_);
    entries_.resize(plan.nodes.size());
    for (std::size_t i = plan.nodes.size(); i-- > 0;) {
      connect_ports(i);
      Node& node = *nodes_[i];
      if (node.planned.capacity) {
        node.bounded = std::make_unique<BoundedQueue>(node, *node.planned.capacity);
      }
      make_entry(i);
      if (node.planned.type->collects) make_giver(node);
    }
    control_.on_stop([this] { hand_->execute(stop_); });
  }

  ~Impl() {
    control_.on_stop({});  // the journal may fail later
    for (std::thread& thread : source_threads_) thread.join();
    hand_.reset();
    graph_->wait_for_all();  // what it has passed on to workers meanwhile
  }

  void start() {
    for (InputSource& source : input_sources_) source.input->activate();
    for (const auto& source : thread_sources_) {
      try {
        source_threads_.emplace_back([&running = *source] { running.run_to_end(); });
      } catch (const std::exception& error) {
        control_.fail(source->name(), std::string("no thread can be started: ") + error.what());
        source->run_to_end();  // the run is being stopped: it ends at once
      }
    }
  }

  void wait() {
    // The reactor's thread may still be inside the call that handed on the last completion,
    // although that has been worked on already: what it uses must not go before it is out.
    const auto out = std::make_shared<std::promise<void>>();
    std::future<void> is_out = out->get_future();
    control_.reactor().post([out] { out->set_value(); });
    is_out.wait();
    hand_->drain();
    graph_->wait_for_all();
    // Limits with `per` set alarms for keys that nobody waits for: none once the reactor goes.
    stations_->stop();
  }

  const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  Status status() const {
    Status status = status_of(plan_, nodes_);
    status.threads = options_.threads;
    status.seconds = std::chrono::duration<double>(clock_->now() - began_).count();
    status.lacks = control_.reactor().lacks();
    status.stopping = control_.stopping();
    status.cut_off = control_.is_cut_off();
    for (const InputSource& input : input_sources_)
      status.sources.push_back(input.source->status());
    for (const auto& source : thread_sources_) status.sources.push_back(source->status());
    stations_->add_to(status);
    return status;
  }
  std::string set_slots(const std::string& limit, std::int64_t slots) {
    return stations_->set_slots(limit, slots);
  }
  const Stations& stations() const { return *stations_; }

 private:
  /// How edges reach a node.
  struct EntryPoint {
    Station* station = nullptr;      ///< of a function that waits or blocks, and nothing else
    Intake* intake = nullptr;        ///< before it, if something comes from outside
    Receiver* node = nullptr;        ///< what runs it
    LimiterGate* gate = nullptr;     ///< before it, if gated
    QueueNode* own_queue = nullptr;  ///< before the gate, for what doesn't come from a queue
  };

  struct InputSource {
    std::unique_ptr<Source> source;
    std::unique_ptr<flow::input_node<Message>> input;
  };

  /// Stops the stations, on a thread that may run nodes.
  struct Stop final : Executor::Task {
    explicit Stop(Impl& its) : of(its) {}
    void run() noexcept override { of.stations_->stop(); }
    bool is_short() const noexcept override { return true; }
    Impl& of;
  };

  /// Which nodes get something from a thread that is no worker.
  void note_what_comes_from_outside() {
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

  template <class T, class... A>
  T& make_part(A&&... arguments) {
    auto part = std::make_unique<PartOf<T>>(std::forward<A>(arguments)...);
    T& node = part->node;
    parts_.push_back(std::move(part));
    return node;
  }

  /// The edges out of a node: its readers have their entries already.
  void connect_ports(std::size_t index) {
    Node& node = *nodes_[index];
    for (std::size_t port = 0; port < node.ports.size(); ++port) {
      for (const std::uint32_t reader : plan_.nodes[index].ports[port].readers) {
        if (nodes_[plan_.edges[reader].to]->is_left_out) continue;
        Edge edge = connect(node, plan_.edges[reader]);
        edge.reader = node.ports[port].size();
        if (node.is_queue()) {
          node.lying.emplace_back(control_.watch().shards(), Accounts::Peaks::exact);
        }
        node.ports[port].push_back(edge);
      }
    }
  }

  Edge connect(Node& from, const compile::PlannedEdge& planned) {
    Node& to = *nodes_[planned.to];
    EntryPoint& entry = entries_[planned.to];
    Edge edge;
    edge.to = &to;
    edge.conversion = planned.conversion;
    edge.one_by_one = planned.one_by_one;
    edge.splits =
        planned.one_by_one && (entry.station == nullptr || !entry.station->takes_batches());
    if (to.is_queue()) return edge;
    if (to.planned.entry == compile::Entry::fused) {
      edge.deliver = deliver_in_this_task;
      edge.target = &to;
      return edge;
    }
    if (from.is_queue()) edge.queue = &from;
    const auto by = [&edge](void (*deliver)(void*, Message), void* target) {
      edge.deliver = deliver;
      edge.target = target;
      return edge;
    };
    if (entry.station != nullptr) return by(deliver_to_station, entry.station);
    if (entry.intake != nullptr) return by(deliver_to_intake, entry.intake);
    edge.deliver = deliver_to_receiver;
    Receiver* receiver = entry.node;
    if (from.is_queue()) {
      QueueNode& queue = make_part<QueueNode>(*graph_);
      if (entry.gate != nullptr) {
        flow::make_edge(queue, entry.gate->limiter);
      } else {
        flow::make_edge(queue, *entry.node);
      }
      receiver = &queue;
    } else if (entry.gate != nullptr) {
      receiver = &own_queue(entry);
    }
    edge.target = receiver;
    return edge;
  }

  /// The queue_node before a gate for what doesn't come out of a declared queue.
  QueueNode& own_queue(EntryPoint& entry) {
    if (entry.own_queue == nullptr) {
      entry.own_queue = &make_part<QueueNode>(*graph_);
      flow::make_edge(*entry.own_queue, entry.gate->limiter);
    }
    return *entry.own_queue;
  }

  /// How what a node has handed back comes to it again, and its ticks.
  void make_way_back(Node& node, EntryPoint& entry) {
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

  void make_entry(std::size_t index) {
    Node& node = *nodes_[index];
    EntryPoint& entry = entries_[index];
    if (entry.station = stations_->of(index); entry.station != nullptr) return;
    switch (node.planned.entry) {
      case compile::Entry::source:
        return make_source(node);
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
      case compile::Entry::gated: {
        auto gate =
            std::make_unique<LimiterGate>(*graph_, static_cast<std::size_t>(*node.planned.limit));
        entry.gate = gate.get();
        parts_.push_back(std::move(gate));
        entry.node = &make_node(node, flow::unlimited, entry.gate);
        flow::make_edge(entry.gate->limiter, *entry.node);
        break;
      }
    }
    make_way_back(node, entry);
  }

  /// A node with a limit of 1 that reads no source.
  bool is_behind_functions(const Node& node) const {
    return node.planned.limit == 1 &&
           std::none_of(node.reads.begin(), node.reads.end(), [](const Node* read) {
             return read->planned.type->kind == abi::Kind::source;
           });
  }

  /// Before a node that gets something from outside of the workers.
  Intake& make_intake(Node& node) {
    look_at_ticks(node);
    auto& intake = intakes_.emplace_back();
    Receiver& body =
        make_part<FunctionNode>(*graph_, flow::unlimited, [&intake](const Message& message) {
          const WorksItself here(WorksItself::Who::worker);
          intake->work_on(message);
          return flow::continue_msg();
        });
    intake = std::make_unique<Intake>(node, [&body](Message message) { body.try_put(message); });
    return *intake;
  }

  Receiver& make_node(Node& node, std::size_t concurrency, LimiterGate* gate) {
    look_at_ticks(node);
    return make_part<FunctionNode>(*graph_, concurrency, [&node, gate](const Message& message) {
      const WorksItself here(WorksItself::Who::worker);
      work(node, message, Permit(gate));
      return flow::continue_msg();
    });
  }

  void look_at_ticks(Node& node) {
    if (!node.planned.type->ticks) return;
    TickTimer& timer = *timers_.emplace_back(std::make_unique<TickTimer>(node));
    node.look_when_due = [&timer] { timer.look(); };
  }

  void make_source(Node& node) {
    auto source = std::make_unique<Source>(node, options_.batch);
    if (node.planned.work == abi::Work::blocks) {
      thread_sources_.push_back(std::move(source));
      return;
    }
    input_sources_.push_back(drive(node, std::move(source)));
  }

  /// A collector that gives out the rest, when its input has ended, is driven like a source.
  void make_giver(Node& node) {
    auto source = std::make_unique<Source>(node, options_.batch);
    node.give_late = [giver = source.get()](abi::BatchPtr batch) {
      giver->give_late(std::move(batch));
    };
    node.may_give = [giver = source.get()] { return giver->may_give(); };
    const InputSource& driven = givers_.emplace_back(drive(node, std::move(source)));
    node.on_input_ended = [input = driven.input.get()] { input->activate(); };
  }

  /// Whether all that follows a node can be done in the task that works on it.
  static bool stays_in_task(const Node& node) {
    return std::all_of(node.ports.begin(), node.ports.end(), [](const std::vector<Edge>& readers) {
      return std::all_of(readers.begin(), readers.end(), [](const Edge& edge) {
        const bool stays = edge.deliver == deliver_in_this_task ||
                           (edge.deliver == deliver_to_intake && edge.to->planned.limit == 1);
        return stays && stays_in_task(*edge.to);
      });
    });
  }

  /// By an input_node, which begins when it is activated.
  InputSource drive(Node& node, std::unique_ptr<Source> source) {
    Source& made_by = *source;
    Edge* straight = made_by.straight_edge();
    if (straight != nullptr && straight->deliver != deliver_to_receiver) straight = nullptr;
    const bool stays =
        straight != nullptr && !straight->to->planned.limit && stays_in_task(*straight->to);
    auto input = std::make_unique<flow::input_node<Message>>(
        *graph_, [&made_by, &node, straight, stays](oneapi::tbb::flow_control& control) {
          const WorksItself here(WorksItself::Who::worker);
          for (int row = 1;; ++row) {
            abi::BatchPtr batch = made_by.next();
            if (!batch) {
              control.stop();
              return Message();
            }
            if (straight == nullptr) {
              // The next call may say that there is nothing more: not before this has been emitted.
              node.hold_readers();
              return Message{batch.release(), nullptr};
            }
            node.accounts.give_out(node.control.shard(), batch->count);
            const Message message = straight->book(std::move(batch));
            // What is less work than its message is done here. But the body is short: it holds a
            // spin lock of oneTBB's.
            if (row == kCheapRow || !stays || !made_by.is_cheap()) {
              return message;
            }
            work(*straight->to, message, Permit());
          }
        });
    const auto emit = [&made_by, &node](const Message& made) {
      made_by.emit(abi::BatchPtr(made.batch));
      node.let_readers_go();
      return flow::continue_msg();
    };
    // By a oneTBB edge and not by the body, so that a worker takes the batch on before it makes the
    // next one: little is in flight, and it is worked on while it is in the cache.
    if (straight != nullptr) {
      flow::make_edge(*input, *static_cast<Receiver*>(straight->target));
    } else if (made_by.feeds_a_bounded_queue()) {
      // The input_node keeps what is rejected, and makes nothing more meanwhile.
      flow::make_edge(*input, make_part<RejectingNode>(*graph_, flow::serial, emit));
    } else {
      flow::make_edge(*input, make_part<FunctionNode>(*graph_, flow::serial, emit));
    }
    source->on_resume([input = input.get()] { input->activate(); });
    return {std::move(source), std::move(input)};
  }

  const compile::Plan& plan_;
  Control& control_;
  const GraphOptions options_;
  oneapi::tbb::global_control workers_;
  oneapi::tbb::task_arena arena_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::optional<flow::graph> graph_;
  std::optional<ArenaExecutor> workers_executor_;
  std::vector<bool> comes_from_outside_;
  std::vector<EntryPoint> entries_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::optional<ReactorClock> clock_;
  std::optional<Stations> stations_;
  const Clock::Point began_ = std::chrono::steady_clock::now();
  std::deque<std::unique_ptr<Intake>> intakes_;
  std::vector<InputSource> input_sources_;
  std::vector<InputSource> givers_;
  std::vector<std::unique_ptr<TickTimer>> timers_;
  std::vector<std::unique_ptr<Source>> thread_sources_;
  std::vector<std::thread> source_threads_;
  Stop stop_{*this};
  std::optional<Hand> hand_;  // the last: its thread uses all of the others
};

Graph::Graph(const compile::Plan& plan, Control& control, const GraphOptions& options)
    : impl_(std::make_unique<Impl>(plan, control, options)) {}
Graph::~Graph() = default;

void Graph::start() { impl_->start(); }
void Graph::wait() { impl_->wait(); }
const std::vector<std::unique_ptr<Node>>& Graph::nodes() const { return impl_->nodes(); }

Status Graph::status() const { return impl_->status(); }
std::string Graph::set_slots(const std::string& limit, std::int64_t slots) {
  return impl_->set_slots(limit, slots);
}
const Stations& Graph::stations() const { return impl_->stations(); }

}  // namespace weir::runtime
