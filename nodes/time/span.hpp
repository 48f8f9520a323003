#pragma once

#include <chrono>
#include <random>
#include <string>

#include <weir/param.hpp>

namespace weir::nodes {

/// A duration, or a random one between two: `3s` or `{random: [1s, 10s]}`.
struct Span {
  std::chrono::nanoseconds shortest{0};
  std::chrono::nanoseconds longest{0};

  /// Evenly distributed, both ends included.
  std::chrono::nanoseconds draw() const {
    if (shortest == longest) return shortest;
    thread_local std::mt19937_64 random{std::random_device{}()};
    std::uniform_int_distribution<std::int64_t> even(shortest.count(), longest.count());
    return std::chrono::nanoseconds(even(random));
  }
};

}  // namespace weir::nodes

template <>
struct weir::ParamType<weir::nodes::Span> {
  static constexpr const char* name = "duration or {random: [a, b]}";

  static nodes::Span parse(const Value& value) {
    using Duration = ParamType<std::chrono::nanoseconds>;
    if (value.kind != Value::Kind::map) {
      const std::chrono::nanoseconds fixed = Duration::parse(value);
      return {fixed, fixed};
    }
    const Value* range = value.find("random");
    if (range == nullptr || value.fields.size() != 1) {
      throw BadValue(value.place, "expected a duration, or {random: [1s, 10s]}");
    }
    if (range->kind != Value::Kind::list || range->items.size() != 2) {
      throw BadValue(range->place, "'random' takes two durations, [1s, 10s]");
    }
    const nodes::Span span{Duration::parse(range->items[0]), Duration::parse(range->items[1])};
    if (span.longest < span.shortest) {
      throw BadValue(range->place, "the first duration is longer than the second");
    }
    return span;
  }

  static std::string text(const nodes::Span& span) { return format_duration(span.shortest); }
};
