#pragma once

/// How a run stands, for people.

#include <string>

#include "runtime/status.hpp"

namespace weir::view {

/// The run, a table with a line for each node, the oldest items in work, and the limits.
std::string status_text(const runtime::Status& status);

/// "limits:", and for each what is taken of it, who holds it and who waits; empty if there are
/// none.
std::string limits_table(const runtime::Status& status);

}  // namespace weir::view
