#include "view/record/limit_waits.hpp"

namespace weir::view {

AllLimitWaits limit_waits(const Where& where) {
  AllLimitWaits found;
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    for (const auto& [cause, sum] : where.nodes[i]) {
      if (!is_of_limit(cause.kind)) continue;
      LimitWaits& waits = found[cause.limit];
      waits.sum += sum;
      waits.causes[cause] += sum;
      waits.nodes[i] += sum;
    }
  }
  for (const NeverBegun& others : where.never_begun) {
    if (others.items > 0) found[others.cause.limit].never_begun += others.items;
  }
  return found;
}

}  // namespace weir::view
