#pragma once

/// What a node reads, in a line of a printed plan.

#include <string>

#include "compile/plan.hpp"

namespace weir::compile {

/// "build, push.failed"
std::string inputs_text(const Plan& plan, const PlannedNode& node);

}  // namespace weir::compile
