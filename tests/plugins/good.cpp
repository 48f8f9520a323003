#include <weir/node.hpp>

namespace {

struct Triple {
  static void describe(weir::Describe<Triple>& d) { d.node("triple", "Multiplies by three."); }
  std::int64_t operator()(std::int64_t x) const { return 3 * x; }
};

}  // namespace

WEIR_PLUGIN("good", Triple)
