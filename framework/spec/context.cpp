#include "spec/context.hpp"

#include <fmt/format.h>

namespace weir::spec {

namespace {

/// A hole may have come with a parameter, from elsewhere in the file.
bool is_within(const Place& part, const Place& whole) {
  return part.line == whole.line && part.column >= whole.column &&
         part.column < whole.column + whole.length;
}

}  // namespace

bool ReadContext::refuse_holes(const Value& value, std::string_view key) const {
  for (const Value::Hole& hole : value.holes) {
    diagnostics.error(
        is_within(hole.place, value.place) ? hole.place : value.place,
        fmt::format("'${{{{ }}}}' is resolved for each item, but '{}' is the same for "
                    "the whole run",
                    key));
  }
  return !value.holes.empty();
}

}  // namespace weir::spec
