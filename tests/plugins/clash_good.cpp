// Has a node that is called like one of good.cpp.

#include <weir/node.hpp>

namespace {

struct Triple {
  static void describe(weir::Describe<Triple>& d) { d.node("triple", "Says it three times."); }
  std::string operator()(std::string x) const { return x + x + x; }
};

}  // namespace

WEIR_PLUGIN("clash_good", Triple)
