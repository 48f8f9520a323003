#pragma once

/// Everything that is wrong with one parameter.

#include <vector>

#include <weir/abi.hpp>

namespace weir::compile {

/// Stores a value in a node. The result is all that is wrong with it, with its elements and with
/// the `${{ … }}` in it, in the order of the file; elements that are `faulty` are passed over.
std::vector<abi::ParamError> set_parameter(const abi::ParamSpec& spec, void* node,
                                           const Value& value);

}  // namespace weir::compile
