#pragma once

/// Cycles, and an order without them, of things that need each other: nodes and parameters.

#include <cstddef>
#include <string>
#include <vector>

namespace weir::spec {

/// For each thing those that it needs, by index.
using Needs = std::vector<std::vector<std::size_t>>;

struct Cycle {
  /// Each needs the next, the last the first; least index first. Empty for cycles that come after
  /// very many others.
  std::vector<std::size_t> members;
  /// The need that closes it, `needs[closing][need]`: without those of all cycles there is none.
  std::size_t closing = 0;
  std::size_t need = 0;
};

struct Order {
  std::vector<std::size_t> order;  ///< all of them, each behind what it needs, cycles left aside
  std::vector<Cycle> cycles;       ///< at least one for each set of things in cycles
};

/// Takes time in proportion to the needs (and to the cycles' lengths), and no stack.
Order order_by_needs(const Needs& needs);

/// "a → b → a", shortened in the middle if it is long.
std::string cycle_text(const std::vector<std::string>& names);

}  // namespace weir::spec
