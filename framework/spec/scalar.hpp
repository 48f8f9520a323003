#pragma once

/// What an unquoted scalar means: the core schema of YAML 1.2 (section 10.3.2), and nothing of
/// YAML 1.1. `yes` and `on` are texts, `010` is ten.

#include <cstdint>
#include <string>
#include <string_view>

#include <weir/value.hpp>

namespace weir::spec {

struct Scalar {
  Value::Kind kind = Value::Kind::text;  ///< never a list or a map
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;          ///< also set for an integer
  bool out_of_range = false;  ///< written as an int or float, but one that does not fit
};

Scalar classify(std::string_view text);

/// Makes `value` the scalar that `text` means. False if it is a number that is out of range; then
/// `value` is a text.
bool set_scalar(Value& value, std::string text);

/// Makes `value` a text, whatever it looks like.
void set_text(Value& value, std::string text);

/// "'99…' is out of the range of an int (64 bits)", for what `set_scalar` refuses.
std::string out_of_range_message(std::string_view text);

}  // namespace weir::spec
