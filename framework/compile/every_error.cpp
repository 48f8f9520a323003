#include "compile/every_error.hpp"

#include <algorithm>
#include <optional>

namespace weir::compile {
namespace {

/// Each costs a look at the whole value, and nobody reads that many.
constexpr std::size_t kMost = 50;

/// Takes the first hole with that place out of a text. Without holes there is nothing left to say
/// about it.
bool pass_over_hole(Value& value, Place place) {
  const auto hole = std::find_if(value.holes.begin(), value.holes.end(),
                                 [place](const Value::Hole& one) { return one.place == place; });
  if (hole == value.holes.end()) return false;
  value.holes.erase(hole);
  if (value.holes.empty()) value.faulty = true;
  return true;
}

/// Marks what has that place, as deep inside as possible: an item that isn't there has the place of
/// its list. False if there is nothing to mark.
bool pass_over(Value& value, Place place) {
  bool passed = false;
  const auto pass_over_part = [&](Value& part) {
    passed |= pass_over(part, place);
    value.faulty |= part.faulty;
  };
  for (Value& item : value.items) pass_over_part(item);
  for (Value::Field& field : value.fields) pass_over_part(field.value);
  if (passed || pass_over_hole(value, place)) return true;
  if (value.faulty || value.place != place) return false;
  value.faulty = true;
  return true;
}

/// Whether what has that place has been complained about.
bool is_passed_over(const Value& value, Place place) {
  if (!value.faulty) return false;
  if (value.place == place && is_settled(value)) return true;
  const auto is_in = [place](const Value& part) { return is_passed_over(part, place); };
  return std::any_of(value.items.begin(), value.items.end(), is_in) ||
         std::any_of(value.fields.begin(), value.fields.end(),
                     [&](const Value::Field& field) { return is_in(field.value); });
}

}  // namespace

// What crosses the plugin's boundary is the first error. Asked again, with that one marked, the
// parameter tells the next.
std::vector<abi::ParamError> set_parameter(const abi::ParamSpec& spec, void* node,
                                           const Value& value) {
  std::vector<abi::ParamError> errors;
  std::optional<abi::ParamError> error = spec.set(node, value);
  if (!error) return errors;
  Value rest = value;
  while (error && errors.size() < kMost && !is_passed_over(rest, error->place)) {
    errors.push_back(*error);
    if (!pass_over(rest, error->place)) break;
    error = spec.set(node, rest);
  }
  return errors;
}

}  // namespace weir::compile
