#pragma once

/// What becomes of a function's items that fail, take too long or are cut off.

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// Checks `timeout`, `retry`, `throttle`, `on_failure` and `on_cancel` of a node of a known type,
/// and fills in what the plan says of them.
void check_failure_keys(Checked& node, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
