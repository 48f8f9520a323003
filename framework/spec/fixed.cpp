#include "spec/fixed.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "spec/described.hpp"
#include "spec/names.hpp"

namespace weir::spec {

std::optional<Value> FixedValues::value_of(const TreeField& field) const {
  Value value = context_.resolver.resolve(field.value);
  if (is_settled(value) || context_.refuse_holes(value, field.key)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> FixedValues::count(const Value& value,
                                               std::string_view expectation) const {
  if (value.kind == Value::Kind::integer && value.integer > 0) return value.integer;
  error(value.place,
        fmt::format("{}, not {}{}", expectation, described(value), advice_on_quotes(value)));
  return std::nullopt;
}

std::optional<std::uint64_t> FixedValues::bytes(const Value& value,
                                                std::string_view expectation) const {
  const std::optional<Size> size = parse_size(value.text);
  if (value.is_scalar() && size && size->bytes > 0) return size->bytes;
  reject(value, expectation);
  return std::nullopt;
}

std::optional<Rate> FixedValues::rate(const Value& value, std::string_view expectation) const {
  const std::optional<Rate> rate = parse_rate(value.text);
  if (value.is_scalar() && rate && rate->per_second > 0) return rate;
  reject(value, expectation);
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> FixedValues::duration(const Value& value,
                                                              std::string_view expectation) const {
  const std::optional<std::chrono::nanoseconds> duration = parse_duration(value.text);
  if (value.is_scalar() && duration && duration->count() > 0) return duration;
  reject(value, expectation);
  return std::nullopt;
}

bool FixedValues::parts(const Value& map, std::string_view owner,
                        const std::vector<Part>& parts) const {
  std::vector<std::string> keys;
  keys.reserve(parts.size());
  for (const Part& part : parts) keys.push_back(part.key);
  bool good = !map.faulty;
  for (const Value::Field& field : map.fields) {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const Part& one) { return one.key == field.key; });
    if (part == parts.end()) {
      good = error(field.key_place, fmt::format("{} has {}, not {}{}", owner, enumerated(keys),
                                                quote(field.key), did_you_mean(field.key, keys)));
    } else if (is_settled(field.value) ||
               (!part->may_have_holes && context_.refuse_holes(field.value, part->key))) {
      good = false;
    } else {
      good = part->take(field.value) && good;
    }
  }
  return good;
}

bool FixedValues::reject(const Value& value, std::string_view expectation) const {
  return error(value.place, fmt::format("{}, not {}", expectation, described(value)));
}

bool FixedValues::error(Place place, std::string message) const {
  context_.diagnostics.error(place, std::move(message));
  return false;
}

}  // namespace weir::spec
