#pragma once

/// A run that goes on, as a terminal shows it.

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/status.hpp"
#include "view/rates.hpp"

namespace weir::view {

struct Look {
  std::size_t width = 80;  ///< columns of the terminal
  std::size_t height = 24;
  bool has_colour = false;
};

/// Lines without a newline, each shorter than the terminal is wide, and fewer than it is high: a
/// row for each node, as far as they fit; with the bottleneck marked and explained, the items that
/// have run for longest, and how long all of it takes. `rates` has the status already.
///
/// Nothing of an item or a command can upset the terminal. Colours repeat what words say.
std::vector<std::string> frame(const runtime::Status& status, const NodeRates& rates,
                               const Look& look);

}  // namespace weir::view
