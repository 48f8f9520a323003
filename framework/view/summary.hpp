#pragma once

/// A run's summary, for people and for programs.

#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include <weir/summary.hpp>

namespace weir::view {

/// A table with a line for each node, then how the run ended, in words. Where the table would be
/// wider than `width`, its last columns are left out, but not the counts of items.
std::string summary_table(const RunSummary& summary,
                          std::size_t width = std::numeric_limits<std::size_t>::max());

/// What that says, and more, as JSON; framework/doc/seeing.md describes it.
nlohmann::ordered_json to_json(const RunSummary& summary);

/// The JSON that `--summary-file` writes, as text.
std::string summary_json(const RunSummary& summary);

}  // namespace weir::view
