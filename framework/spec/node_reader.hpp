#pragma once

/// One entry of `nodes:` → NodeDeclaration.

#include "spec/context.hpp"
#include "spec/pipeline.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// Whatever is wrong with the node by itself is reported; whether what its `from` names exists is
/// not looked at. `type` is empty if it can't be told.
NodeDeclaration read_node(const TreeField& field, const ReadContext& context);

}  // namespace weir::spec
