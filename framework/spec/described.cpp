#include "spec/described.hpp"

#include <fmt/format.h>

#include "spec/names.hpp"

namespace weir::spec {

std::string described(const Value& value) {
  switch (value.kind) {
    case Value::Kind::integer:
    case Value::Kind::number:
      return value.text;
    case Value::Kind::text:
      return fmt::format("the text {}", quote(value.text));
    default:
      return std::string(kind_name(value.kind));
  }
}

std::string_view advice_on_quotes(const Value& value) {
  return is_quoted_scalar(value)
             ? "; its quotes make it a text: write it without, if need be on a line of its own"
             : "";
}

std::string enumerated(const std::vector<std::string>& names) {
  std::string to;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) to += i + 1 == names.size() ? " and " : ", ";
    to += quote(names[i]);
  }
  return to;
}

}  // namespace weir::spec
