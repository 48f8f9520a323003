#include <weir/node.hpp>

// A plugin that calls what nobody has.

extern "C" std::int64_t weir_test_nobody_has_this(std::int64_t);

namespace {

struct Call {
  static void describe(weir::Describe<Call>& d) { d.node("call", "Calls what is not there."); }
  std::int64_t operator()(std::int64_t x) const { return weir_test_nobody_has_this(x); }
};

}  // namespace

WEIR_PLUGIN("unresolved", Call)
