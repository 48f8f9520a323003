#pragma once

/// The keys of a function that say what becomes of items that fail, or take too long.

#include "spec/context.hpp"
#include "spec/pipeline.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

// Whatever is wrong is reported, and left as if it had not been said.

Timeout read_timeout(const TreeField& field, const ReadContext& context);
Retry read_retry(const TreeField& field, const ReadContext& context);
Throttle read_throttle(const TreeField& field, const ReadContext& context);
OnFailure read_on_failure(const TreeField& field, const ReadContext& context);

}  // namespace weir::spec
