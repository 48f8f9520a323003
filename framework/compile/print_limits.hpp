#pragma once

/// What a printed plan says below its nodes.

#include <string>

#include "compile/plan.hpp"

namespace weir::compile {

/// "limits:" and a line for each named limit, with those who share it; "" if there are none.
std::string print_limits(const Plan& plan);

/// "failures:" and a line for each function with a rule of its own; "" if there are none.
std::string print_failures(const Plan& plan);

}  // namespace weir::compile
