#pragma once

/// What the summary of a run says of its nodes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "journal/run_directory.hpp"

namespace weir::view {

/// `in` is the sum of the other three.
struct EndCounts {
  std::int64_t in = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;  ///< those that never began, too: run.db has no rows of them
  double busy_seconds = 0;
  std::int64_t peak_running = 0;
  std::int64_t peak_waiting = 0;
};

/// By the node's name; nullopt: there is no summary. Throws journal::Error if it can't be read.
std::optional<std::map<std::string, EndCounts>> end_counts(const journal::RunDirectory& run);

}  // namespace weir::view
