#pragma once

/// Values of keys that hold for the whole run: numbers, quantities with a unit, and maps of them.
///
/// Where a value isn't what a key takes, the error is its expectation ("'capacity' must be …"), and
/// what it is instead.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/units.hpp>
#include <weir/value.hpp>

#include "spec/context.hpp"

namespace weir::spec {

/// One key of a map.
struct Part {
  std::string key;
  std::function<bool(const Value& value)> take;  ///< false if it has reported an error
  bool may_have_holes = false;
};

class FixedValues {
 public:
  explicit FixedValues(const ReadContext& context) : context_(context) {}

  /// A key's value; nullopt if there has been an error about it.
  std::optional<Value> value_of(const TreeField& field) const;

  std::optional<std::int64_t> count(const Value& value, std::string_view expectation) const;
  std::optional<std::uint64_t> bytes(const Value& value, std::string_view expectation) const;
  std::optional<Rate> rate(const Value& value, std::string_view expectation) const;
  std::optional<std::chrono::nanoseconds> duration(const Value& value,
                                                   std::string_view expectation) const;

  /// Gives what a map holds to those who take it; `owner` is what messages call the map: 'retry'.
  /// False if there is an error in it. A part that has been complained about is left out.
  bool parts(const Value& map, std::string_view owner, const std::vector<Part>& parts) const;

  /// Always false.
  bool reject(const Value& value, std::string_view expectation) const;
  bool error(Place place, std::string message) const;

 private:
  const ReadContext& context_;
};

}  // namespace weir::spec
