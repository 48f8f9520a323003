#pragma once

/// `limits:` of a file, and `limit:` of its nodes.

#include <vector>

#include "spec/context.hpp"
#include "spec/pipeline.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// Whatever is wrong with a limit by itself is reported; it is among those returned all the same,
/// so that it can be named.
std::vector<LimitDeclaration> read_limits(const TreeField& field, const ReadContext& context);

/// `limit:` of a function. Whether its names are declared is not looked at.
Limit read_limit(const TreeField& field, const ReadContext& context);

}  // namespace weir::spec
