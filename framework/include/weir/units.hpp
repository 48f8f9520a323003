#pragma once

/// Durations, sizes and rates as pipeline files write them.

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Bytes: `64KiB`, `10MB`, `512B`.
struct Size {
  std::uint64_t bytes = 0;

  friend auto operator<=>(const Size&, const Size&) = default;
};

/// How often: `10/s`, `30/m`, `1000/h`.
struct Rate {
  double per_second = 0;

  friend auto operator<=>(const Rate&, const Rate&) = default;
};

namespace abi {

struct Unit {
  std::string_view name;
  double factor;
};

inline constexpr Unit kDurations[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},   {"ms", 1e6},
                                      {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
inline constexpr Unit kSizes[] = {
    {"B", 1},     {"kB", 1e3},   {"KB", 1e3},      {"MB", 1e6},         {"GB", 1e9},
    {"TB", 1e12}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776}};
inline constexpr Unit kRates[] = {{"/s", 1}, {"/m", 1.0 / 60}, {"/h", 1.0 / 3600}};

/// Why a text that has the form of a quantity is none all the same: "'-1s' …". Empty where it
/// hasn't.
using Objection = std::string_view;

/// A number that is not negative, directly followed by a unit. `0` needs none.
template <std::size_t N>
std::optional<double> parse_quantity(std::string_view text, const Unit (&units)[N],
                                     Objection& objection) {
  double number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error == std::errc::invalid_argument || !std::isfinite(number)) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  for (const Unit& known : units) {
    if (unit != known.name) continue;
    if (error != std::errc()) {
      objection = "is out of range";
    } else if (std::signbit(number)) {
      objection = "is negative";
    } else {
      return number * known.factor;
    }
    return std::nullopt;
  }
  if (unit.empty() && number == 0 && !std::signbit(number)) return 0;
  return std::nullopt;
}

inline std::optional<std::chrono::nanoseconds> read_duration(std::string_view text,
                                                             Objection& objection) {
  const std::optional<double> value = parse_quantity(text, kDurations, objection);
  if (!value) return std::nullopt;
  if (*value > 9.2e18) {
    objection = "is out of range: a duration is 2555555h at most";
    return std::nullopt;
  }
  return std::chrono::nanoseconds(std::llround(*value));
}

inline std::optional<Size> read_size(std::string_view text, Objection& objection) {
  const std::optional<double> value = parse_quantity(text, kSizes, objection);
  if (!value) return std::nullopt;
  if (*value > 9.2e18) {
    objection = "is out of range: a size is 9200000TB at most";
    return std::nullopt;
  }
  const auto bytes = static_cast<std::uint64_t>(std::llround(*value));
  // `0.1kB` is 100 bytes, whatever 0.1 is in binary.
  if (std::abs(*value - static_cast<double>(bytes)) > 1e-9 * *value) {
    objection = "is not a whole number of bytes";
    return std::nullopt;
  }
  return Size{bytes};
}

inline std::optional<Rate> read_rate(std::string_view text, Objection& objection) {
  const std::optional<double> value = parse_quantity(text, kRates, objection);
  if (!value) return std::nullopt;
  return Rate{*value};
}

}  // namespace abi

/// `250ms`, `10s`, `1.5h`; nullopt if it isn't one, or is longer than 291 years.
inline std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  abi::Objection ignored;
  return abi::read_duration(text, ignored);
}

inline std::optional<Size> parse_size(std::string_view text) {
  abi::Objection ignored;
  return abi::read_size(text, ignored);
}

inline std::optional<Rate> parse_rate(std::string_view text) {
  abi::Objection ignored;
  return abi::read_rate(text, ignored);
}

/// The largest unit in which it is a whole number: `90s`, `2h`, `1500us`.
inline std::string format_duration(std::chrono::nanoseconds duration) {
  if (duration.count() == 0) return "0s";
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000},
      {"ms", 1'000'000},        {"us", 1'000},         {"ns", 1}};
  for (const auto& [name, factor] : kUnits) {
    if (duration.count() % factor == 0) {
      return std::to_string(duration.count() / factor).append(name);
    }
  }
  return {};
}

/// The largest unit in which it is a whole number: `64KiB`, `10MB`, `17B`.
inline std::string format_size(Size size) {
  static constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {
      {"GiB", 1073741824}, {"MiB", 1048576}, {"KiB", 1024}, {"GB", 1000000000},
      {"MB", 1000000},     {"kB", 1000},     {"B", 1}};
  if (size.bytes == 0) return "0B";
  for (const auto& [name, factor] : kUnits) {
    if (size.bytes % factor == 0) return std::to_string(size.bytes / factor).append(name);
  }
  return {};
}

}  // namespace weir
