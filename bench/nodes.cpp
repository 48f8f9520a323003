#include "nodes.hpp"

#include <weir/node.hpp>

namespace weir::bench {
namespace {

std::int64_t total = 0;

struct Count {
  std::int64_t to = 10;
  static void describe(Describe<Count>& d) {
    d.node("count", "1..to");
    d.param<&Count::to>("to", "The last.");
  }
  std::optional<std::int64_t> next() { return at_ < to ? std::optional(++at_) : std::nullopt; }

 private:
  std::int64_t at_ = 0;
};

struct Scale {
  std::int64_t factor = 3;
  static void describe(Describe<Scale>& d) {
    d.node("scale", "x * factor + 1");
    d.param<&Scale::factor>("factor", "The factor.");
  }
  std::int64_t operator()(std::int64_t x) const { return scaled(x, factor); }
};

struct AddUp {
  static void describe(Describe<AddUp>& d) { d.node("add_up", "Adds up."); }
  void operator()(std::int64_t x) { total += x; }
};

}  // namespace

WEIR_NODES(bench_nodes, "bench", Count, Scale, AddUp)

std::int64_t added_up() { return total; }
void reset_added_up() { total = 0; }

}  // namespace weir::bench
