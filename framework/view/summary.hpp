#pragma once

/// A run's summary, for people and for programs.

#include <string>

#include <weir/summary.hpp>

namespace weir::view {

/// A table with a line for each node, then how the run ended, in words.
std::string summary_table(const RunSummary& summary);

/// The JSON that `--summary-file` writes; framework/doc/operation.md describes it.
std::string summary_json(const RunSummary& summary);

}  // namespace weir::view
