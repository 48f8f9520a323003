#pragma once

/// How a run ended, and what became of every item.

#include <cstdint>
#include <string>
#include <vector>

namespace weir {

/// Figures of a node. Items, but for `busy_seconds`.
struct Counts {
  std::int64_t in = 0;   ///< came to it; of a source: made
  std::int64_t out = 0;  ///< given out on ports other than `failed`, once for all readers
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t running = 0;  ///< in work at this moment
  std::int64_t peak_running = 0;
  std::int64_t peak_waiting = 0;
  double busy_seconds = 0;   ///< the time that its items were in work, added up
  std::int64_t batches = 0;  ///< tasks that its items were worked on in; of a source: batches made
  std::int64_t retried = 0;  ///< attempts that failed and were followed by another one

  bool balanced() const { return in == done + failed + cancelled; }
};

struct NodeSummary {
  std::string name;
  std::string kind;  ///< "source", "function", "queue" or "sink"
  std::string type;
  std::int64_t limit = 0;  ///< 0: unlimited
  Counts counts;
  std::int64_t done_before = 0;  ///< of those done: in an earlier run, and not again
};

enum class RunOutcome : std::uint8_t {
  done,     ///< every item is done
  failed,   ///< every item has ended, some failed
  stopped,  ///< a signal stopped it
  error,    ///< weir, a source or a sink could not do its work
};

struct RunSummary {
  std::string pipeline;
  RunOutcome outcome = RunOutcome::done;
  int exit_code = 0;  ///< as the `weir` binary's
  double seconds = 0;
  std::vector<std::string> errors;  ///< why it is an `error`; or what was to be run has not come
  bool resumable = false;           ///< what is done is written down in its directory
  /// Items that are not done were not asked for, as by `weir rerun RUN ITEM`.
  bool left_out = false;
  std::vector<NodeSummary> nodes;  ///< every node behind those that it reads
};

}  // namespace weir
