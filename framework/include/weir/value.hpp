#pragma once

/// Values as a pipeline file gives them: scalars, lists and maps, each with its place in the file.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Where something stands in a file: 1-based line, 1-based column in code points, and how many
/// code points of that line belong to it. Line 0 means that it has no place in the file.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;

  friend bool operator==(const Place&, const Place&) = default;
};

/// One value of a file, after `${…}` has been resolved. Plain data; safe to copy and to read from
/// any thread.
struct Value {
  enum class Kind : std::uint8_t { null, boolean, integer, number, text, list, map };

  /// A `${{ … }}` in `text`: the half-open byte range [begin, end), braces and dollar included.
  /// Only what the author of the file wrote is a hole; a parameter's or an environment variable's
  /// text never becomes one.
  struct Hole {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Place place{};  ///< in the file; of the whole scalar where it can't be told more exactly

    /// Where it came from makes no difference.
    friend bool operator==(const Hole& a, const Hole& b) {
      return a.begin == b.begin && a.end == b.end;
    }
  };

  struct Field;

  Kind kind = Kind::null;
  /// An error about it, or about something in it, has been reported: checks pass over it.
  bool faulty = false;
  Place place;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;          ///< also set for an integer
  std::string text;           ///< of every scalar: as it was written, e.g. "0.10" for a number
  std::vector<Hole> holes;    ///< in `text`, ascending, not overlapping; only where kind is text
  std::vector<Value> items;   ///< of a list
  std::vector<Field> fields;  ///< of a map, in the order of the file; keys are unique

  bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }

  /// The value of a map's key, or nullptr.
  const Value* find(std::string_view key) const;
};

struct Value::Field {
  std::string key;
  Place key_place;
  Value value;
};

inline const Value* Value::find(std::string_view key) const {
  for (const Field& field : fields) {
    if (field.key == key) return &field.value;
  }
  return nullptr;
}

/// Whether all that is to be said about a value has been said: it is `faulty` as such, and not
/// (only) for something in it.
inline bool is_settled(const Value& value) {
  if (!value.faulty || !value.holes.empty()) return false;
  for (const Value& item : value.items) {
    if (item.faulty) return false;
  }
  for (const Value::Field& field : value.fields) {
    if (field.value.faulty) return false;
  }
  return true;
}

/// Whether a text would be a number or a bool if it had no quotes: for messages.
inline bool is_quoted_scalar(const Value& value) {
  if (value.kind != Value::Kind::text || value.text.empty() || !value.holes.empty()) return false;
  if (value.text == "true" || value.text == "false") return true;
  double number = 0;
  const char* last = value.text.data() + value.text.size();
  const auto [end, error] = std::from_chars(value.text.data(), last, number);
  return error == std::errc() && end == last && value.text.find_first_of("0123456789") == 0;
}

/// What a value is called in messages: "an int", "a list", …
constexpr std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::null:
      return "null";
    case Value::Kind::boolean:
      return "a bool";
    case Value::Kind::integer:
      return "an int";
    case Value::Kind::number:
      return "a float";
    case Value::Kind::text:
      return "a text";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::map:
      return "a map";
  }
  return "?";
}

}  // namespace weir
