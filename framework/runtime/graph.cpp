#include "runtime/graph.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <new>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <optional>

#include "runtime/drivers.hpp"
#include "runtime/executor.hpp"
#include "runtime/flow_parts.hpp"
#include "runtime/hand.hpp"
#include "runtime/reactor_clock.hpp"
#include "runtime/stations.hpp"
#include "runtime/status_of.hpp"
#include "runtime/wiring.hpp"
#include "runtime/workers.hpp"

namespace weir::runtime {

class Graph::Impl {
 public:
  Impl(const compile::Plan& plan, Control& control, const GraphOptions& options)
      : plan_(plan),
        control_(control),
        options_(options),
        workers_(oneapi::tbb::global_control::max_allowed_parallelism,
                 static_cast<std::size_t>(options.threads) + 1),
        arena_(options.threads, 0) {
    try {
      build();
    } catch (const std::bad_alloc&) {
      std::terminate();  // oneTBB may be half made, and would wait for ever for its own end
    }
  }

  ~Impl() {
    control_.on_stop({});
    drivers_->join();
    hand_.reset();
    graph_->wait_for_all();  // what it has passed on to workers meanwhile
  }

  void start() { drivers_->start(); }

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
    status.sources = drivers_->status();
    stations_->add_to(status);
    return status;
  }

  std::string set_slots(const std::string& limit, std::int64_t slots) {
    return stations_->set_slots(limit, slots);
  }

  const Stations& stations() const { return *stations_; }

 private:
  void build() {
    bring_up(arena_, options_.threads);
    // A graph belongs to the arena in which it is made.
    arena_.execute([&] { graph_.emplace(); });
    workers_executor_.emplace(arena_, *graph_);
    hand_.emplace(*workers_executor_);
    clock_.emplace(control_.reactor(), *hand_);
    make_nodes();
    stations_.emplace(plan_, nodes_, options_.records, *clock_, *hand_);
    parts_.emplace(*graph_);
    drivers_.emplace(*parts_, options_.batch);
    wiring_.emplace(plan_, nodes_, *stations_, *parts_, *drivers_);
    control_.on_stop([this] {
      control_.reactor().begin_nothing();
      hand_->execute(stop_);
    });
  }

  /// Stops the stations, on a thread that may run nodes.
  struct Stop final : Executor::Task {
    explicit Stop(Impl& its) : of(its) {}
    void run() noexcept override { of.stations_->stop(); }
    bool is_short() const noexcept override { return true; }
    Impl& of;
  };

  void make_nodes() {
    for (const compile::PlannedNode& planned : plan_.nodes) {
      Node& node = *nodes_.emplace_back(std::make_unique<Node>(control_, plan_, planned));
      node.is_left_out = options_.records.only_say && node.is_sink();
      node.takes_failures = node.is_sink();
      for (const std::uint32_t input : planned.inputs) {
        const compile::PlannedEdge& edge = plan_.edges[input];
        Node& from = *nodes_[edge.from];
        node.reads.push_back(&from);
        const bool is_failed = from.planned.type->kind == abi::Kind::function &&
                               edge.port + 1 == from.planned.ports.size();
        node.takes_failures = node.takes_failures && is_failed;
      }
    }
  }

  const compile::Plan& plan_;
  Control& control_;
  const GraphOptions options_;
  oneapi::tbb::global_control workers_;
  oneapi::tbb::task_arena arena_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::optional<flow::graph> graph_;
  std::optional<ArenaExecutor> workers_executor_;
  std::optional<ReactorClock> clock_;
  std::optional<Stations> stations_;
  const Clock::Point began_ = std::chrono::steady_clock::now();
  std::optional<FlowParts> parts_;
  std::optional<Drivers> drivers_;
  std::optional<Wiring> wiring_;
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
