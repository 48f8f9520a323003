#pragma once

/// What a picture of a graph shows of a run. Plain data.

#include <cstdint>
#include <map>
#include <string>

namespace weir::view {

struct NodeMarks {
  std::int64_t in = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t running = 0;
  std::int64_t waiting = 0;
  double busy_seconds = 0;
  std::string state;  ///< "idle", "running", "done", "failed" or "held"
  std::string note;   ///< "bound by limit registry"; may be empty
  bool is_bottleneck = false;
};

/// By the nodes' names.
using Marks = std::map<std::string, NodeMarks, std::less<>>;

/// "97 done, 3 failed, 2 running"; what is 0 is left out, but for "0 done".
std::string counts_text(const NodeMarks& marks);

}  // namespace weir::view
