#include <chrono>

#include <weir/node.hpp>

#include "nodes/time/span.hpp"

namespace weir::nodes {
namespace {

struct Sleep {
  Span time;

  static void describe(Describe<Sleep>& d) {
    d.node("sleep", "Gives out each item after a time; holds no thread meanwhile.");
    d.param<&Sleep::time>("for", "How long: '3s', or '{random: [1s, 10s]}' for each item.")
        .required();
    d.output("What came in.");
  }

  Task<Item> operator()(Item item, Host& host) const {
    co_await host.sleep(time.draw());
    co_return item;
  }
};

struct Spin {
  Span time;

  static void describe(Describe<Spin>& d) {
    d.node("spin",
           "Keeps a core busy for a time, then gives out the item: for demos and "
           "benchmarks.");
    d.param<&Spin::time>("for", "How long: '10us', or '{random: [1ms, 5ms]}' for each item.")
        .required();
    d.output("What came in.");
  }

  Item operator()(Item item) const {
    const auto end = std::chrono::steady_clock::now() + time.draw();
    while (std::chrono::steady_clock::now() < end) {
    }
    return item;
  }
};

}  // namespace

WEIR_NODES(time_nodes, "time", Sleep, Spin)

}  // namespace weir::nodes
