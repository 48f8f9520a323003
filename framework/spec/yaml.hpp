#pragma once

/// YAML text → Tree. The only place that knows yaml-cpp, and all that it must be guarded against.

#include <optional>

#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// Reads the one document of a text that `admit` has let through. What is not YAML, a second
/// document and too deep a nesting end it: nullopt. Duplicate and unusable keys, merge keys, tags,
/// and aliases that would never end or grow too large are reported, left out or marked as faulty,
/// and the rest is read.
std::optional<Tree> parse_yaml(const Lines& lines, Diagnostics& diagnostics);

}  // namespace weir::spec
