#pragma once

/// Whether a trace makes sense.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::view {

struct TraceCheck {
  std::size_t events = 0;
  std::size_t items = 0;
  std::vector<std::string> problems;  ///< the first ones; empty: none
};

/// No time is negative; what ran in a thread at a time is nested, or one behind the other; what
/// begins ends; and the time of each item is what it waited and ran, to a hundredth.
TraceCheck check_trace(std::string_view json);

}  // namespace weir::view
