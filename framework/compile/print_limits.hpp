#pragma once

/// What a printed plan says below its nodes.

#include <chrono>
#include <string>

#include "compile/plan.hpp"

namespace weir::compile {

/// "limits:" and a line for each named limit, with those who share it; "" if there are none.
std::string print_limits(const Plan& plan);

/// "failures:" and a line for each function with a rule of its own; "" if there are none.
std::string print_failures(const Plan& plan);

/// The rate at which there is a start after each interval, in the first unit in which it is a whole
/// number, but for what rounding the interval did to it, or else in the first in which it is 1 or
/// more: 10/s, 20/m, 1.5/h.
std::string rate_text(std::chrono::nanoseconds interval);

}  // namespace weir::compile
