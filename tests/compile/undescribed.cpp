#include <stdexcept>

#include <weir/node.hpp>

// A plugin whose describe throws.

namespace {

struct Many {
  static void describe(weir::Describe<Many>& d) {
    d.node("many", "Can't say what it is.");
    throw std::logic_error("node 'many' has a fault");
  }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

}  // namespace

WEIR_PLUGIN("undescribed", Many)
