#pragma once

/// A plan's run, with all that a user sees of it.

#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/lookers.hpp"
#include "cli/run_record.hpp"
#include "cli/shown.hpp"
#include "compile/plan.hpp"

namespace weir::cli {

struct ExecuteOptions {
  int threads = 0;
  std::uint32_t batch = 0;
  std::string summary_file;
  ShownOptions shown;
  /// Where the user is, if that may be another folder than the current one.
  std::filesystem::path user_folder = {};
};

/// Runs it, while `lookers` look, and says how it went. The result is the exit status.
int execute(const compile::Plan& plan, const ExecuteOptions& options, Lookers& lookers,
            const RunRecord& record, runtime::RecordOptions records);

/// Runs nothing, and prints for each item that a function which waits or blocks would get whether
/// it would be run, and why.
int show_decisions(const compile::Plan& plan, const RunRecord& record,
                   runtime::RecordOptions records);

}  // namespace weir::cli
