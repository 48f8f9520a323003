#pragma once

/// The file of `weir run --trace`.

#include <filesystem>
#include <string>

#include "cli/run_record.hpp"

namespace weir::cli {

/// Throws journal::Error if the file, or what becomes the file, is something else than what may be
/// replaced. For before there is a run's directory: nothing is changed.
void check_trace_file(const std::string& file, bool has_directory);

/// At one address, and the record outlives it.
class RunTrace {
 public:
  /// Makes room. Throws as above.
  RunTrace(std::string file, const RunRecord& record);

  /// What the run is to be written down in, which is there also if it is killed; empty: it has a
  /// directory.
  std::filesystem::path database() const;
  /// The run has ended. The result is an error, or empty.
  std::string write() const;

 private:
  const std::string file_;
  const std::filesystem::path own_;  // where there is no directory
  const RunRecord& record_;
};

}  // namespace weir::cli
