#include "spec/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <system_error>
#include <utility>

#include "spec/names.hpp"

namespace weir::spec {

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  return text;
}

bool is_decimal(std::string_view text) {
  const std::string_view digits = without_sign(text);
  return !digits.empty() && digits_at(digits, 0) == digits.size();
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_float(std::string_view text) {
  text = without_sign(text);
  const std::size_t whole = digits_at(text, 0);
  std::size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (whole + fraction == 0) return false;
    at += 1 + fraction;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

/// Base 8 and 16 after their prefix; nullopt-like: false if there is a digit that isn't one.
bool is_in_base(std::string_view digits, int base) {
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [base](char c) {
    if (base == 8) return c >= '0' && c <= '7';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

Scalar integer(std::string_view digits, int base) {
  // from_chars takes a minus but no plus.
  if (digits.front() == '+') digits.remove_prefix(1);
  Scalar scalar;
  scalar.kind = Value::Kind::integer;
  const auto result =
      std::from_chars(digits.data(), digits.data() + digits.size(), scalar.integer, base);
  scalar.out_of_range = result.ec != std::errc();
  scalar.number = static_cast<double>(scalar.integer);
  return scalar;
}

Scalar number(double value) {
  Scalar scalar;
  scalar.kind = Value::Kind::number;
  scalar.number = value;
  return scalar;
}

Scalar number(std::string_view text) {
  if (text.front() == '+') text.remove_prefix(1);
  Scalar scalar = number(0.0);
  const auto result = std::from_chars(text.data(), text.data() + text.size(), scalar.number);
  scalar.out_of_range = result.ec != std::errc();
  return scalar;
}

}  // namespace

Scalar classify(std::string_view text) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Scalar scalar;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    scalar.kind = Value::Kind::null;
    return scalar;
  }
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    scalar.kind = Value::Kind::boolean;
    scalar.boolean = text.front() == 't' || text.front() == 'T';
    return scalar;
  }
  const std::string_view prefix = text.substr(0, 2);
  if (prefix == "0o" && is_in_base(text.substr(2), 8)) return integer(text.substr(2), 8);
  if (prefix == "0x" && is_in_base(text.substr(2), 16)) return integer(text.substr(2), 16);
  if (is_decimal(text)) return integer(text, 10);
  if (is_float(text)) return number(text);
  if (is_one_of(without_sign(text), {".inf", ".Inf", ".INF"})) {
    return number(text.front() == '-' ? -infinity : infinity);
  }
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    return number(std::numeric_limits<double>::quiet_NaN());
  }
  return scalar;
}

bool set_scalar(Value& value, std::string text) {
  const Scalar scalar = classify(text);
  set_text(value, std::move(text));
  if (scalar.out_of_range) return false;
  value.kind = scalar.kind;
  value.boolean = scalar.boolean;
  value.integer = scalar.integer;
  value.number = scalar.number;
  return true;
}

void set_text(Value& value, std::string text) {
  value.kind = Value::Kind::text;
  value.boolean = false;
  value.integer = 0;
  value.number = 0;
  value.text = std::move(text);
}

std::string out_of_range_message(std::string_view text) {
  const bool is_int = classify(text).kind == Value::Kind::integer;
  return fmt::format("{} is out of the range of {} (64 bits)", quote(text),
                     is_int ? "an int" : "a float");
}

}  // namespace weir::spec
