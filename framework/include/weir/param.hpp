#pragma once

/// Parameters of nodes: how a value of the file becomes a member of the node.

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/item.hpp>
#include <weir/units.hpp>
#include <weir/value.hpp>

namespace weir {

/// Thrown by `ParamType<T>::parse`: what is wrong with a value, and where. One line, no full stop.
class BadValue : public std::runtime_error {
 public:
  BadValue(Place place, const std::string& message) : std::runtime_error(message), place_(place) {}
  Place place() const { return place_; }

 private:
  Place place_;
};

/// Specialise it to let members of a type of your own be parameters:
///   static constexpr const char* name = "…";          // shown in help: "an int", "a duration"
///   static T parse(const Value& value);                // throws BadValue
///   static std::string text(const T& value);           // the default, as one would write it
template <class T>
struct ParamType;

/// A text with `${{ item }}` in it, resolved for each item: `${{ item }}` is the item's text,
/// `${{ item.user.name }}` a part of it.
class Template {
 public:
  Template() = default;
  /// A text without holes.
  explicit Template(std::string text) : literals_{std::move(text)} {}
  /// Throws BadValue if a hole isn't `item` or `item.name…`.
  explicit Template(const Value& value);

  bool has_holes() const { return !paths_.empty(); }
  bool empty() const { return paths_.empty() && (literals_.empty() || literals_[0].empty()); }

  /// Appends the text for an item. Throws std::runtime_error if the item lacks a part.
  void append(const Item& item, std::string& to) const {
    for (std::size_t i = 0; i < literals_.size(); ++i) {
      to += literals_[i];
      if (i == paths_.size()) break;
      if (paths_[i].empty()) {
        item.append_text(to);
      } else {
        append_part(item, paths_[i], to);
      }
    }
  }
  std::string render(const Item& item) const {
    std::string to;
    append(item, to);
    return to;
  }

  /// As it was written.
  std::string source() const;

 private:
  using Path = std::vector<std::string>;
  static Path parse_path(Place place, std::string_view expression);
  static void append_part(const Item& item, const Path& path, std::string& to);

  std::vector<std::string> literals_;  // one more than paths_, or none
  std::vector<Path> paths_;            // an empty one: the whole item
};

inline Template::Template(const Value& value) {
  std::size_t at = 0;
  for (const Value::Hole& hole : value.holes) {
    literals_.push_back(value.text.substr(at, hole.begin - at));
    paths_.push_back(
        parse_path(hole.place,
                   std::string_view(value.text).substr(hole.begin + 3, hole.end - hole.begin - 5)));
    at = hole.end;
  }
  literals_.push_back(value.text.substr(at));
}

inline Template::Path Template::parse_path(Place place, std::string_view expression) {
  const std::size_t first = expression.find_first_not_of(" \t");
  const std::size_t last = expression.find_last_not_of(" \t");
  std::string_view rest =
      first == expression.npos ? "" : expression.substr(first, last - first + 1);
  const std::string whole(rest);
  Path path;
  bool good = rest.starts_with("item");
  if (good) rest.remove_prefix(4);
  while (good && !rest.empty()) {
    good = rest.starts_with('.');
    rest.remove_prefix(1);
    const std::string_view name = rest.substr(0, rest.find('.'));
    good = good && !name.empty() && name.find_first_of(" \t()[]{}|+*/\"'") == name.npos;
    path.emplace_back(name);
    rest.remove_prefix(name.size());
  }
  if (!good) {
    throw BadValue(place, "'${{ " + whole + (whole.empty() ? "" : " ") +
                              "}}' is not an expression; write '${{ item }}' or "
                              "'${{ item.name }}'");
  }
  return path;
}

inline void Template::append_part(const Item& item, const Path& path, std::string& to) {
  std::vector<std::string_view> views(path.begin(), path.end());
  if (item.append_field(views.data(), views.size(), to)) return;
  std::string name = "item";
  for (const std::string& part : path) (name += '.') += part;
  std::string shown = item.text();
  if (shown.size() > 200) shown.replace(200, std::string::npos, "…");
  throw std::runtime_error("the item has no '" + name + "': it is the " + std::string(item.type()) +
                           " " + shown);
}

inline std::string Template::source() const {
  std::string to;
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    to += literals_[i];
    if (i == paths_.size()) break;
    to += "${{ item";
    for (const std::string& part : paths_[i]) (to += '.') += part;
    to += " }}";
  }
  return to;
}

namespace abi {

[[noreturn]] inline void expected(const Value& value, std::string_view what) {
  std::string message = "expected ";
  (message += what) += ", got ";
  message += kind_name(value.kind);
  if (value.is_scalar() && value.kind != Value::Kind::null) {
    ((message += " '") += value.text) += "'";
  }
  if (is_quoted_scalar(value))
    message += "; its quotes make it a text: write it without, if need be on a line of its own";
  throw BadValue(value.place, message);
}

inline void reject_holes(const Value& value) {
  if (!value.holes.empty()) {
    throw BadValue(value.holes.front().place,
                   "'${{ }}' is resolved for each item, but this parameter is fixed for the run");
  }
}

template <std::size_t N>
struct Literal {
  constexpr Literal(const char (&from)[N]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < N; ++i) text[i] = from[i];
  }
  char text[N] = {};
};

/// Of what a list, a map or an optional consists of.
template <class T>
constexpr const char* element_name() {
  static_assert(
      requires { ParamType<T>::name; },
      "a parameter can't consist of this type: specialise weir::ParamType for it");
  return ParamType<T>::name;
}

/// "list of int", made at compile time: static members of templates are initialised in no order.
template <Literal Prefix, class T>
struct PrefixedName {
  static constexpr std::string_view kOf = element_name<T>();
  static constexpr auto text = [] {
    std::array<char, sizeof(Prefix.text) + kOf.size()> all{};
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < sizeof(Prefix.text); ++i) all[at++] = Prefix.text[i];
    for (const char c : kOf) all[at++] = c;
    return all;
  }();
};

template <class T>
T parse_unit(const Value& value, std::optional<T> (*read)(std::string_view, Objection&),
             std::string_view expectation) {
  reject_holes(value);
  if (!value.is_scalar() || value.kind == Value::Kind::null) expected(value, expectation);
  Objection objection;
  const std::optional<T> parsed = read(value.text, objection);
  if (!objection.empty()) {
    throw BadValue(value.place, ("'" + value.text + "' ").append(objection));
  }
  if (!parsed) expected(value, expectation);
  return *parsed;
}

/// A duration as a member counts it. Throws BadValue if the member can't hold just that.
template <class R, class P>
std::chrono::duration<R, P> exactly(std::chrono::nanoseconds duration, const Value& value) {
  using D = std::chrono::duration<R, P>;
  if constexpr (!std::chrono::treat_as_floating_point_v<R>) {
    using Wide = std::chrono::duration<std::int64_t, P>;
    const auto text = [](D d) {
      return format_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(d));
    };
    const Wide wide = std::chrono::duration_cast<Wide>(duration);
    if (!std::in_range<R>(wide.count())) {
      throw BadValue(value.place, "'" + value.text + "' must be at most " + text(D::max()));
    }
    if (wide != duration) {
      throw BadValue(value.place, "'" + value.text + "' must be a whole multiple of " + text(D{1}));
    }
  }
  return std::chrono::duration_cast<D>(duration);
}

}  // namespace abi

template <>
struct ParamType<bool> {
  static constexpr const char* name = "bool";
  static bool parse(const Value& value) {
    abi::reject_holes(value);
    if (value.kind != Value::Kind::boolean) abi::expected(value, "a bool (true or false)");
    return value.boolean;
  }
  static std::string text(bool value) { return value ? "true" : "false"; }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct ParamType<T> {
  static constexpr const char* name = "int";
  static T parse(const Value& value) {
    abi::reject_holes(value);
    if (value.kind != Value::Kind::integer) abi::expected(value, "an int");
    if (!std::in_range<T>(value.integer)) {
      throw BadValue(value.place, value.text + " is outside of " +
                                      std::to_string(std::numeric_limits<T>::min()) + ".." +
                                      std::to_string(std::numeric_limits<T>::max()));
    }
    return static_cast<T>(value.integer);
  }
  static std::string text(T value) { return std::to_string(value); }
};

template <std::floating_point T>
struct ParamType<T> {
  static constexpr const char* name = "float";
  static T parse(const Value& value) {
    abi::reject_holes(value);
    if (value.kind != Value::Kind::integer && value.kind != Value::Kind::number) {
      abi::expected(value, "a float");
    }
    return static_cast<T>(value.number);
  }
  static std::string text(T value) {
    std::string to;
    Type<double>::text(static_cast<double>(value), to);
    return to;
  }
};

/// Takes any scalar as it was written: `tag: 1.10` is the text "1.10".
template <>
struct ParamType<std::string> {
  static constexpr const char* name = "text";
  static std::string parse(const Value& value) {
    abi::reject_holes(value);
    if (!value.is_scalar() || value.kind == Value::Kind::null) abi::expected(value, "a text");
    return value.text;
  }
  static std::string text(const std::string& value) { return '"' + value + '"'; }
};

template <>
struct ParamType<Template> {
  static constexpr const char* name = "template";
  static Template parse(const Value& value) {
    if (!value.is_scalar() || value.kind == Value::Kind::null) abi::expected(value, "a text");
    return Template(value);
  }
  static std::string text(const Template& value) { return '"' + value.source() + '"'; }
};

template <class R, class P>
struct ParamType<std::chrono::duration<R, P>> {
  static constexpr const char* name = "duration";
  static std::chrono::duration<R, P> parse(const Value& value) {
    return abi::exactly<R, P>(
        abi::parse_unit(value, abi::read_duration, "a duration such as 250ms, 10s, 5m or 2h"),
        value);
  }
  static std::string text(std::chrono::duration<R, P> value) {
    return format_duration(std::chrono::duration_cast<std::chrono::nanoseconds>(value));
  }
};

template <>
struct ParamType<Size> {
  static constexpr const char* name = "size";
  static Size parse(const Value& value) {
    return abi::parse_unit(value, abi::read_size, "a size such as 64KiB or 10MB");
  }
  static std::string text(Size value) { return format_size(value); }
};

template <>
struct ParamType<Rate> {
  static constexpr const char* name = "rate";
  static Rate parse(const Value& value) {
    return abi::parse_unit(value, abi::read_rate, "a rate such as 10/s or 30/m");
  }
  static std::string text(Rate value) {
    std::string to;
    Type<double>::text(value.per_second, to);
    return to + "/s";
  }
};

/// Any value, for nodes that look into it themselves.
template <>
struct ParamType<Value> {
  static constexpr const char* name = "any value";
  static Value parse(const Value& value) {
    reject_holes_below(value);
    return value;
  }
  static std::string text(const Value& value) {
    return value.kind == Value::Kind::null ? "none" : value.text;
  }

 private:
  static void reject_holes_below(const Value& value) {
    abi::reject_holes(value);
    for (const Value& item : value.items) reject_holes_below(item);
    for (const Value::Field& field : value.fields) reject_holes_below(field.value);
  }
};

template <class T>
struct ParamType<std::vector<T>> {
  static constexpr const char* name = abi::PrefixedName<"list of ", T>::text.data();
  static std::vector<T> parse(const Value& value) {
    if (value.kind != Value::Kind::list) abi::expected(value, "a list, [a, b, …]");
    std::vector<T> parsed;
    parsed.reserve(value.items.size());
    for (const Value& item : value.items) {
      if (!is_settled(item)) parsed.push_back(ParamType<T>::parse(item));
    }
    return parsed;
  }
  static std::string text(const std::vector<T>& value) {
    std::string to = "[";
    for (const T& item : value) {
      if (to.size() > 1) to += ", ";
      to += ParamType<T>::text(item);
    }
    return to + "]";
  }
};

/// A map of names to values, in the order of the file.
template <class T>
struct ParamType<std::vector<std::pair<std::string, T>>> {
  static constexpr const char* name = abi::PrefixedName<"map of ", T>::text.data();
  static std::vector<std::pair<std::string, T>> parse(const Value& value) {
    if (value.kind != Value::Kind::map) abi::expected(value, "a map, {name: value, …}");
    std::vector<std::pair<std::string, T>> parsed;
    parsed.reserve(value.fields.size());
    for (const Value::Field& field : value.fields) {
      if (is_settled(field.value)) continue;
      parsed.emplace_back(field.key, ParamType<T>::parse(field.value));
    }
    return parsed;
  }
  static std::string text(const std::vector<std::pair<std::string, T>>& value) {
    std::string to = "{";
    for (const auto& [key, item] : value) {
      if (to.size() > 1) to += ", ";
      (to += key) += ": ";
      to += ParamType<T>::text(item);
    }
    return to + "}";
  }
};

template <class T>
struct ParamType<std::map<std::string, T>> {
  using Pairs = ParamType<std::vector<std::pair<std::string, T>>>;
  static constexpr const char* name = Pairs::name;
  static std::map<std::string, T> parse(const Value& value) {
    std::map<std::string, T> parsed;
    for (auto& [key, item] : Pairs::parse(value)) parsed.emplace(key, std::move(item));
    return parsed;
  }
  static std::string text(const std::map<std::string, T>& value) {
    return Pairs::text({value.begin(), value.end()});
  }
};

/// A parameter that may be left out.
template <class T>
struct ParamType<std::optional<T>> {
  static constexpr const char* name = abi::element_name<T>();
  static std::optional<T> parse(const Value& value) { return ParamType<T>::parse(value); }
  static std::string text(const std::optional<T>& value) {
    return value ? ParamType<T>::text(*value) : "none";
  }
};

}  // namespace weir
