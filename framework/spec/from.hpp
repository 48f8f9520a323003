#pragma once

/// `from: a`, `from: a.failed`, `from: [a, b.failed]`.

#include <vector>

#include "spec/context.hpp"
#include "spec/pipeline.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// The references of a `from`, each once. Whether they name anything is not looked at.
std::vector<Reference> read_from(const TreeField& from, const ReadContext& context);

}  // namespace weir::spec
