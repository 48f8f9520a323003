#pragma once

/// What a picture of a graph shows of a run. Plain data.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace weir::view {

struct NodeMarks {
  std::int64_t in = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t cut_off = 0;  ///< were in work when the run died
  std::int64_t running = 0;
  std::int64_t waiting = 0;  ///< before it, or in it; of a run that is over: were never begun
  double busy_seconds = 0;
  /// Of a run that goes on: "idle" (nothing to do now), "running", "waiting" (for a turn, or for
  /// the next attempt), "held" (can't go on before others have); "done" or "failed" (some of its
  /// items), which mean that nothing more will come. Of one that is over: "idle" (nothing came),
  /// "done", "failed", or "stopped" (not all that came was worked on).
  std::string state = {};
  std::string note = {};  ///< "bound by limit registry (3 slots)"; may be empty
  bool is_bottleneck = false;
};

struct Marks {
  std::string run;    ///< its id
  std::string state;  ///< "running", "stopping"; "crashed", or how it ended
  double seconds = 0;
  std::map<std::string, NodeMarks, std::less<>> nodes;  ///< by their names
};

/// Null: nothing is known of it, or `marks` is null.
const NodeMarks* find_marks(const Marks* marks, std::string_view node);

/// "97 done, 3 failed, 2 running"; what is 0 is left out, but for "0 done".
std::string counts_text(const NodeMarks& marks);

/// "bottleneck: bound by limit registry (3 slots)"; empty if there is nothing to say.
std::string note_text(const NodeMarks& marks);

/// "20261125-015240-images: failed, 3m12s after its start"
std::string run_text(const Marks& marks);

}  // namespace weir::view
