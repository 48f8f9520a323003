#pragma once

/// oneTBB's nodes, as the parts of a graph are made of.

#include <memory>
#include <oneapi/tbb/flow_graph.h>
#include <utility>
#include <vector>

#include "runtime/node.hpp"
#include "runtime/permit.hpp"

namespace weir::runtime {

namespace flow = oneapi::tbb::flow;

using Receiver = flow::receiver<Message>;
using FunctionNode = flow::function_node<Message, flow::continue_msg>;
using RejectingNode = flow::function_node<Message, flow::continue_msg, flow::rejecting>;
using QueueNode = flow::queue_node<Message>;
using LimiterNode = flow::limiter_node<Message, int>;

/// A limiter whose decrementer takes exactly 1 for each permit. Everything in front of it is a
/// queue_node: a message that a limiter rejects is kept only by a node that buffers.
class LimiterGate final : public Gate {
 public:
  LimiterGate(flow::graph& graph, std::size_t permits) : limiter(graph, permits) {}
  void give_back() noexcept override { limiter.decrementer().try_put(1); }

  LimiterNode limiter;
};

/// What has to live as long as a graph that is wired by it. Must not outlive the graph.
class FlowParts {
 public:
  explicit FlowParts(flow::graph& graph) : graph_(graph) {}

  /// Makes one on the graph.
  template <class T, class... A>
  T& make(A&&... arguments) {
    auto part = std::make_unique<PartOf<T>>(graph_, std::forward<A>(arguments)...);
    T& made = part->made;
    parts_.push_back(std::move(part));
    return made;
  }

  flow::graph& graph() { return graph_; }

 private:
  struct Part {
    virtual ~Part() = default;
  };
  template <class T>
  struct PartOf final : Part {
    template <class... A>
    explicit PartOf(A&&... arguments) : made(std::forward<A>(arguments)...) {}
    T made;
  };

  flow::graph& graph_;
  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace weir::runtime
