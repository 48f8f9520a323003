#pragma once

/// The graphs of the benchmarks as one would write them in oneTBB: an item a message.

#include <cstdint>

namespace weir::bench {

/// input_node → limiter_node → `length` function_nodes (unlimited) → function_node (serial) with
/// the decrementer. The result is the sum of what arrives.
std::int64_t chain_by_hand(std::int64_t items, int length);

/// input_node → limiter_node → function_node (unlimited) → queue_node → limiter_node(3) →
/// function_node → decrementer, function_node (serial).
std::int64_t pool_by_hand(std::int64_t items);

/// The chain with `tbb::parallel_pipeline`.
std::int64_t chain_by_pipeline(std::int64_t items, int length);

/// The chain with Taskflow's pipeline; only where it is built (TASKFLOW_DIR).
std::int64_t chain_by_taskflow(std::int64_t items, int length);

}  // namespace weir::bench
