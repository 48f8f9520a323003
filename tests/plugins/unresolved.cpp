// Calls what is nowhere.

#include <weir/node.hpp>

extern "C" std::int64_t weir_test_is_nowhere(std::int64_t x);

namespace {

struct Calls {
  static void describe(weir::Describe<Calls>& d) { d.node("calls", "Calls."); }
  std::int64_t operator()(std::int64_t x) const { return weir_test_is_nowhere(x); }
};

}  // namespace

WEIR_PLUGIN("unresolved", Calls)
