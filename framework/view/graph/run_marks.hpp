#pragma once

/// From what is known of a run to the marks of its nodes.

#include "journal/history.hpp"
#include "journal/run_directory.hpp"
#include "runtime/status.hpp"
#include "view/graph/marks.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

/// Of a run that goes on.
Marks marks_of(const runtime::Status& status);

/// Of one that is over: from its summary, or else, of one that was killed, from its record, which
/// knows the items of nodes that wait or block exactly, and how many came to the others when it
/// last looked. Throws journal::Error.
Marks marks_of(const journal::RunDirectory& run, const Graph& graph);

}  // namespace weir::view
