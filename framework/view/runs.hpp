#pragma once

/// The runs that there are, for people and for programs.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/history.hpp"
#include "journal/run_directory.hpp"

namespace weir::view {

/// How far a run is, or how it ended.
struct RunStatus {
  std::string id;
  std::string directory;
  std::string pipeline;
  /// "running"; an outcome: "done", "failed", "stopped", "error"; or "crashed": it is not alive,
  /// and has left no summary.
  std::string state;
  std::int64_t started_ns = 0;  ///< of the first run in the directory
  /// Of the last run there: until now, its end, or the last that is known of it.
  double seconds = 0;
  std::optional<int> exit_code;
  journal::StateCounts counts;  ///< of the items that started at nodes that wait or block
  std::string problem;          ///< what of it can't be read; empty: nothing
};

RunStatus status_of(const journal::RunDirectory& run, std::int64_t now_ns);

/// A table with a line for each run.
std::string runs_table(const std::vector<RunStatus>& runs);

/// An array; framework/doc/seeing.md describes it.
std::string runs_json(const std::vector<RunStatus>& runs);

/// One of its elements.
std::string run_json(const RunStatus& run);

}  // namespace weir::view
