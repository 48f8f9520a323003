#pragma once

/// Decides what each node of a plan is made of in oneTBB.

#include "compile/plan.hpp"

namespace weir::compile {

/// Fills in every node's `entry`.
void lay_out(Plan& plan);

}  // namespace weir::compile
