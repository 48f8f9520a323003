#pragma once

/// A node's parameters as a test writes them down. Included by <weir/testing.hpp>.

#include <chrono>
#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <weir/type.hpp>
#include <weir/units.hpp>
#include <weir/value.hpp>

namespace weir::testing {

/// What stands behind `name:` in a pipeline file. Made of a bool, a number, a text, a duration, or
/// by `list` and `map`. A text is what it would be in quotes: `"3"` is not an int, `"3s"` is a fine
/// duration, and `${{ item }}` in it is resolved for each item.
class Setting {
 public:
  Setting(bool value) {  // NOLINT(google-explicit-constructor): as all here, so that {"a", 3} works
    value_.kind = Value::Kind::boolean;
    value_.boolean = value;
    value_.text = value ? "true" : "false";
  }
  /// Throws std::out_of_range for what doesn't fit 64 bits with a sign.
  template <std::integral T>
  requires(!std::same_as<T, bool>) Setting(T value) {
    value_.kind = Value::Kind::integer;
    value_.integer = abi::checked_integer<std::int64_t>(value);
    value_.number = static_cast<double>(value);
    value_.text = std::to_string(value);
  }
  template <std::floating_point T>
  Setting(T value) {
    value_.kind = Value::Kind::number;
    value_.number = static_cast<double>(value);
    Type<double>::text(value_.number, value_.text);
  }
  template <class R, class P>
  Setting(std::chrono::duration<R, P> value)
      : Setting(format_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(value))) {}
  Setting(std::string_view text) {
    value_.kind = Value::Kind::text;
    value_.text = text;
    find_holes();
  }
  Setting(const char* text) : Setting(std::string_view(text)) {}
  Setting(const std::string& text) : Setting(std::string_view(text)) {}
  Setting(Value value) : value_(std::move(value)) {}

  const Value& value() const { return value_; }

 private:
  void find_holes() {
    std::size_t end = 0;
    for (;;) {
      const std::size_t begin = value_.text.find("${{", end);
      if (begin == std::string::npos) return;
      end = value_.text.find("}}", begin);
      if (end == std::string::npos) return;
      end += 2;
      value_.holes.push_back(
          {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), Place{}});
    }
  }

  Value value_;
};

/// `{"factor", 3}`.
struct Parameter {
  std::string name;
  Setting setting;
};

/// `[1, 2, three]` is `list(1, 2, "three")`.
template <class... T>
Setting list(const T&... items) {
  Value value;
  value.kind = Value::Kind::list;
  (value.items.push_back(Setting(items).value()), ...);
  return value;
}

/// `{random: [1s, 10s]}` is `map({{"random", list("1s", "10s")}})`.
inline Setting map(std::initializer_list<Parameter> fields) {
  Value value;
  value.kind = Value::Kind::map;
  for (const Parameter& field : fields) {
    value.fields.push_back({field.name, Place{}, field.setting.value()});
  }
  return value;
}

}  // namespace weir::testing
