#pragma once

/// What the references of all nodes make together.

#include <vector>

#include "spec/diagnostic.hpp"
#include "spec/pipeline.hpp"

namespace weir::spec {

/// Reports references to nodes that don't exist and references that make cycles, and leaves them
/// out: what remains is a directed graph without cycles.
void check_edges(std::vector<NodeDeclaration>& nodes, Diagnostics& diagnostics);

}  // namespace weir::spec
