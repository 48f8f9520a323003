#pragma once

/// The same trivial work for the declared graphs and for those written by hand.

#include <cstdint>

#include <weir/abi.hpp>

namespace weir::bench {

/// What `scale` does to a number.
inline std::int64_t scaled(std::int64_t x, std::int64_t factor) { return x * factor + 1; }

/// `count` (a source: 1..to), `scale` (a const function) and `add_up` (a sink).
abi::Table bench_nodes();

/// What the last `add_up` came to.
std::int64_t added_up();
void reset_added_up();

}  // namespace weir::bench
