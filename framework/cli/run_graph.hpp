#pragma once

/// The graph of a run, and what the run did or does in it.

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "view/graph/marks.hpp"
#include "view/graph/model.hpp"

namespace weir::cli {

struct RunGraph {
  view::Graph graph;
  view::Marks marks;
};

/// From the record of the run; one that an older weir wrote has no graph: then the pipeline that it
/// ran is read again, with its plugins. Gives an exit status: kDone with the graph in `to`, or that
/// of an error, which has been shown. Throws std::exception if the record can't be read.
int graph_of_run(const RunChoice& choice, const Tables& builtin, RunGraph& to);

}  // namespace weir::cli
