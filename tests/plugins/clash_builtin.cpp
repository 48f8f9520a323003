// Has a node that is called like one that comes with weir.

#include <weir/node.hpp>

namespace {

struct Format {
  static void describe(weir::Describe<Format>& d) { d.node("format", "Is not the built-in one."); }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

}  // namespace

WEIR_PLUGIN("clash_builtin", Format)
