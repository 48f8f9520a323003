#pragma once

/// The node types that come with weir. They are written against the public headers alone.

#include <vector>

#include <weir/abi.hpp>

namespace weir::nodes {

std::vector<abi::Table> builtin();

}  // namespace weir::nodes
