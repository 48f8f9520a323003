#include "nodes/aggregate/numbers.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>

namespace weir::nodes {
namespace {

template <class T>
std::optional<T> all_of(std::string_view text) {
  T value{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 100;
  return "'" + std::string(text.substr(0, kMost)) + (text.size() > kMost ? "…'" : "'");
}

}  // namespace

Number Number::of(double value) {
  // What lies in between can be cast.
  constexpr double kLimit = 9223372036854775808.0;
  if (value >= -kLimit && value < kLimit && std::trunc(value) == value) {
    return {true, static_cast<std::int64_t>(value), 0};
  }
  return {false, 0, value};
}

Number Number::parse(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  if (const auto whole = all_of<std::int64_t>(digits)) return of(*whole);
  if (const auto value = all_of<double>(digits)) return of(*value);
  throw std::invalid_argument(shown(text) + " is no number");
}

std::int64_t Number::as_int() const {
  if (is_int) return whole;
  std::string text;
  Type<double>::text(fraction, text);
  if (std::abs(fraction) >= 9e18)
    throw std::range_error(text + " doesn't fit the 64 bits of an int");
  throw std::range_error(text + " is no int; 'type: float' takes it as a float");
}

std::string Numbers::output_type(std::string_view input) const {
  if (input == "record" && of.is_whole()) {
    throw std::invalid_argument(
        "a record is no number; say which part of it, such as 'of: \"${{ item.size }}\"'");
  }
  gives_float_ = type ? *type == "float" : of.is_whole() && input == "float";
  return gives_float_ ? "float" : "int";
}

Number Numbers::number_of(const Item& item) {
  if (of.is_whole()) {
    if (const auto* whole = item.as<std::int64_t>()) return Number::of(*whole);
    if (const auto* value = item.as<double>()) return Number::of(*value);
  }
  return Number::parse(of.of(item, scratch_));
}

void Sum::describe(Describe<Sum>& d) {
  d.node("sum", "Gives out the sum of all numbers when its input has ended; of no items, 0.");
  describe_parameters(d);
  d.output("One number.");
}

void Sum::operator()(Item item) {
  const Number number = number_of(item);
  if (gives_float()) {
    add(number.as_float());
  } else {
    whole_ += number.as_int();
  }
}

/// Neumaier's: the sum hardly depends on the order of the items.
void Sum::add(double value) {
  const double sum = float_ + value;
  lost_ += std::abs(float_) >= std::abs(value) ? (float_ - sum) + value : (value - sum) + float_;
  float_ = sum;
}

std::optional<Item> Sum::next() {
  if (std::exchange(given_, true)) return std::nullopt;
  // Of infinities nothing is lost that could be put back.
  if (gives_float()) return Item::of(std::isfinite(float_) ? float_ + lost_ : float_);
  using Limits = std::numeric_limits<std::int64_t>;
  if (whole_ > Limits::max() || whole_ < Limits::min()) {
    throw std::overflow_error(
        "the sum doesn't fit the 64 bits of an int; 'type: float' gives it as a float");
  }
  return Item::of(static_cast<std::int64_t>(whole_));
}

}  // namespace weir::nodes
