#include "spec/in_flight.hpp"

#include "spec/fixed.hpp"

namespace weir::spec {

InFlight read_max_in_flight(const Value& value, const ReadContext& context) {
  constexpr std::string_view expectation =
      "'max_in_flight' must be a number of items (1000), a size (16MiB), or both "
      "({items: 1000, bytes: 16MiB})";
  const FixedValues values(context);
  InFlight to;
  const auto take_items = [&](const Value& items) {
    to.items = values.count(items, expectation);
    return to.items.has_value();
  };
  const auto take_bytes = [&](const Value& bytes) {
    to.bytes = values.bytes(bytes, expectation);
    return to.bytes.has_value();
  };
  if (value.kind == Value::Kind::integer) {
    take_items(value);
  } else if (value.kind == Value::Kind::text) {
    take_bytes(value);
  } else if (value.kind == Value::Kind::map) {
    values.parts(value, "'max_in_flight'", {{"items", take_items}, {"bytes", take_bytes}});
  } else {
    values.reject(value, expectation);
  }
  return to;
}

std::optional<std::int64_t> read_capacity(const Value& value, const ReadContext& context) {
  return FixedValues(context).count(value,
                                    "'capacity' must be a whole number of at least 1: how many "
                                    "items the queue holds");
}

}  // namespace weir::spec
