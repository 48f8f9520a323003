#include <weir/node.hpp>

namespace {

struct Undecided {
  static void describe(weir::Describe<Undecided>&) {
    throw std::runtime_error("it does not know what it is");
  }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

}  // namespace

WEIR_PLUGIN("describe_throws", Undecided)
