#include "by_hand.hpp"

#include <memory>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <vector>

#include "nodes.hpp"

namespace weir::bench {
namespace {

namespace flow = oneapi::tbb::flow;
using Item = std::int64_t;
using Function = flow::function_node<Item, Item>;

/// As many messages as weir's sources have items in flight at most.
constexpr std::size_t kInFlight = 65536;

flow::input_node<Item> counter(flow::graph& graph, Item items) {
  return flow::input_node<Item>(graph,
                                [items, at = Item{0}](oneapi::tbb::flow_control& control) mutable {
                                  if (at == items) {
                                    control.stop();
                                    return Item{0};
                                  }
                                  return ++at;
                                });
}

}  // namespace

std::int64_t chain_by_hand(std::int64_t items, int length) {
  std::int64_t total = 0;
  flow::graph graph;
  auto source = counter(graph, items);
  flow::limiter_node<Item, int> limiter(graph, kInFlight);
  flow::make_edge(source, limiter);
  std::vector<std::unique_ptr<Function>> functions;
  flow::sender<Item>* last = &limiter;
  for (int i = 0; i < length; ++i) {
    functions.push_back(
        std::make_unique<Function>(graph, flow::unlimited, [](Item x) { return scaled(x, 3); }));
    flow::make_edge(*last, *functions.back());
    last = functions.back().get();
  }
  flow::function_node<Item, int> sink(graph, flow::serial, [&](Item x) {
    total += x;
    return 1;
  });
  flow::make_edge(*last, sink);
  flow::make_edge(sink, limiter.decrementer());
  source.activate();
  graph.wait_for_all();
  return total;
}

std::int64_t pool_by_hand(std::int64_t items) {
  std::int64_t total = 0;
  flow::graph graph;
  auto source = counter(graph, items);
  flow::limiter_node<Item, int> in_flight(graph, kInFlight);
  Function writer(graph, flow::unlimited, [](Item x) { return scaled(x, 3); });
  flow::queue_node<Item> queue(graph);
  flow::limiter_node<Item, int> gate(graph, 3);
  flow::multifunction_node<Item, std::tuple<Item, int>> reader(
      graph, flow::unlimited, [](Item x, auto& ports) {
        std::get<0>(ports).try_put(scaled(x, 3));
        std::get<1>(ports).try_put(1);
      });
  flow::function_node<Item, int> sink(graph, flow::serial, [&](Item x) {
    total += x;
    return 1;
  });
  flow::make_edge(source, in_flight);
  flow::make_edge(in_flight, writer);
  flow::make_edge(writer, queue);
  flow::make_edge(queue, gate);
  flow::make_edge(gate, reader);
  flow::make_edge(flow::output_port<0>(reader), sink);
  flow::make_edge(flow::output_port<1>(reader), gate.decrementer());
  flow::make_edge(sink, in_flight.decrementer());
  source.activate();
  graph.wait_for_all();
  return total;
}

std::int64_t chain_by_pipeline(std::int64_t items, int length) {
  std::int64_t total = 0;
  std::int64_t at = 0;
  oneapi::tbb::filter<void, Item> filters(oneapi::tbb::filter_mode::serial_in_order,
                                          [&](oneapi::tbb::flow_control& control) -> Item {
                                            if (at == items) control.stop();
                                            return ++at;
                                          });
  for (int i = 0; i < length; ++i) {
    filters = filters & oneapi::tbb::filter<Item, Item>(oneapi::tbb::filter_mode::parallel,
                                                        [](Item x) { return scaled(x, 3); });
  }
  oneapi::tbb::parallel_pipeline(
      64, filters & oneapi::tbb::filter<Item, void>(oneapi::tbb::filter_mode::serial_out_of_order,
                                                    [&](Item x) { total += x; }));
  return total;
}

}  // namespace weir::bench
