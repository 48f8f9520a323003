#include <weir/node.hpp>

#include "nodes/aggregate/count_by.hpp"
#include "nodes/aggregate/numbers.hpp"
#include "nodes/aggregate/sort.hpp"

namespace weir::nodes {

using Min = Extreme<false>;
using Max = Extreme<true>;

WEIR_NODES(aggregate_nodes, "aggregate", Sum, Min, Max, CountBy, Sort)

}  // namespace weir::nodes
