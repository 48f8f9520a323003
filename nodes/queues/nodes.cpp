#include <weir/node.hpp>

namespace weir::nodes {
namespace {

struct Fifo {
  static constexpr bool weir_queue = true;
  static void describe(Describe<Fifo>& d) {
    d.node("fifo", "Holds items until their reader takes them: first in, first out.");
    d.output("What came in, in the same order.");
  }
};

}  // namespace

WEIR_NODES(queue_nodes, "queues", Fifo)

}  // namespace weir::nodes
