#pragma once

/// What flows over the edges: whether types fit, and what the ports carry whose type depends on the
/// input.

#include <vector>

#include "compile/checked.hpp"
#include "compile/registry.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// Checks what `node`, one of `nodes`, reads against what it takes, and decides what its own ports
/// carry. The nodes that it reads must have been through this.
void check_port_types(const std::vector<Checked>& nodes, Checked& node, const Registry& registry,
                      spec::Diagnostics& diagnostics);

}  // namespace weir::compile
