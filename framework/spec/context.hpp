#pragma once

/// What every reader of a part of a pipeline file works with.

#include <string_view>

#include <weir/value.hpp>

#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"
#include "spec/resolve.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

struct ReadContext {
  const Tree& tree;
  const Lines& lines;
  Resolver& resolver;
  Diagnostics& diagnostics;

  /// Adds an error for each `${{ … }}` in the value of a key that holds for the whole run. True if
  /// there was one.
  bool refuse_holes(const Value& value, std::string_view key) const;
};

}  // namespace weir::spec
