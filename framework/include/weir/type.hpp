#pragma once

/// The types that edges carry, and how C++ types stand for them.
///
/// | edge     | C++, as a column's element | also taken and given by nodes        |
/// |----------|----------------------------|--------------------------------------|
/// | `bool`   | `bool`                     |                                      |
/// | `int`    | `std::int64_t`             | every other integer, range-checked   |
/// | `float`  | `double`                   | `float`                              |
/// | `text`   | `std::string_view`         | `std::string`                        |
/// | `record` | `weir::Record`             | (include <weir/record.hpp>)          |
/// | any name | a plugin's own type        | declared with `WEIR_TYPE`            |

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weir {

/// A JSON object or array. To make one or look into one, include <weir/record.hpp>.
using Record = nlohmann::json;

/// Specialise it, most simply with `WEIR_TYPE(Image, "image")`, to let a type of your own flow over
/// edges. Needs `static constexpr const char* name`; may have
///   static void text(const T& item, std::string& to);   // appends its form as text
///   static bool field(const T& item, const std::string_view* path, std::size_t length,
///                     std::string& to);                 // appends a part of it; false: no such
///   static std::size_t bytes(const T& item);            // memory that it holds beyond sizeof(T)
/// The type must be movable without throwing. If it can't be copied, no port that carries it may
/// have two readers, and `text` must cope with an item that has been moved from: a failure shows
/// it.
template <class T>
struct Type;

/// At namespace scope, outside of any namespace.
#define WEIR_TYPE(T, NAME)                    \
  template <>                                 \
  struct weir::Type<T> {                      \
    static constexpr const char* name = NAME; \
  }

template <>
struct Type<bool> {
  static constexpr const char* name = "bool";
  static void text(bool item, std::string& to) { to += item ? "true" : "false"; }
};

template <>
struct Type<std::int64_t> {
  static constexpr const char* name = "int";
  static void text(std::int64_t item, std::string& to) { to += std::to_string(item); }
};

template <>
struct Type<double> {
  static constexpr const char* name = "float";
  /// The shortest digits that read back as the same number.
  static void text(double item, std::string& to);
};

template <>
struct Type<std::string_view> {
  static constexpr const char* name = "text";
  static void text(std::string_view item, std::string& to) { to += item; }
  static std::size_t bytes(std::string_view item) { return item.size(); }
};

namespace abi {

/// What the framework must know of an element type to move columns of it about. One exists in each
/// library that uses the type: compare `name`, never addresses.
struct TypeInfo {
  const char* name;
  std::uint32_t size;
  std::uint32_t align;
  /// Elements are views into the batch's storage (`text`).
  bool views;
  /// Null if elements need no destruction.
  void (*destroy)(void* items, std::size_t count) noexcept;
  /// Constructs copies. Null if elements can't be copied.
  void (*copy)(void* to, const void* from, std::size_t count);
  /// Moves elements to `to` and destroys those at `from`. The ranges may overlap if to < from.
  void (*relocate)(void* to, void* from, std::size_t count) noexcept;
  /// Appends an element's text. Null if it has none.
  void (*text)(const void* item, std::string& to);
  /// Appends the text of a part of an element; false if there is no such part. Null: has no parts.
  bool (*field)(const void* item, const std::string_view* path, std::size_t length,
                std::string& to);
  /// The memory that elements hold beyond their size. Null: none worth counting.
  std::size_t (*bytes)(const void* items, std::size_t count);
};

inline bool same_type(const TypeInfo* a, const TypeInfo* b) {
  return a == b || std::strcmp(a->name, b->name) == 0;
}

template <class T>
concept HasText = requires(const T& item, std::string& to) {
  Type<T>::text(item, to);
};
template <class T>
concept HasField = requires(const T& item, const std::string_view* path, std::size_t length,
                            std::string& to) {
  { Type<T>::field(item, path, length, to) } -> std::same_as<bool>;
};

template <class T>
concept HasBytes = requires(const T& item) {
  { Type<T>::bytes(item) } -> std::convertible_to<std::size_t>;
};

template <class T>
constexpr TypeInfo make_type_info() {
  static_assert(
      requires { Type<T>::name; },
      "this type can't flow over edges: declare it with WEIR_TYPE(T, \"name\")");
  static_assert(alignof(T) <= 16, "an edge's type can be aligned to 16 bytes at most");
  static_assert(std::is_nothrow_move_constructible_v<T>,
                "an edge's type must move without throwing");
  TypeInfo info{Type<T>::name, sizeof(T), alignof(T), std::is_same_v<T, std::string_view>,
                nullptr,       nullptr,   nullptr,    nullptr,
                nullptr,       nullptr};
  if constexpr (!std::is_trivially_destructible_v<T>) {
    info.destroy = [](void* items, std::size_t count) noexcept {
      std::destroy_n(static_cast<T*>(items), count);
    };
  }
  if constexpr (std::is_copy_constructible_v<T>) {
    info.copy = [](void* to, const void* from, std::size_t count) {
      if constexpr (std::is_trivially_copyable_v<T>) {
        if (count != 0) std::memcpy(to, from, count * sizeof(T));
      } else {
        std::uninitialized_copy_n(static_cast<const T*>(from), count, static_cast<T*>(to));
      }
    };
  }
  info.relocate = [](void* to, void* from, std::size_t count) noexcept {
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (count != 0) std::memmove(to, from, count * sizeof(T));
    } else {
      T* target = static_cast<T*>(to);
      T* source = static_cast<T*>(from);
      for (std::size_t i = 0; i < count; ++i) {
        ::new (static_cast<void*>(target + i)) T(std::move(source[i]));
        std::destroy_at(source + i);
      }
    }
  };
  if constexpr (HasText<T>) {
    info.text = [](const void* item, std::string& to) {
      Type<T>::text(*static_cast<const T*>(item), to);
    };
  }
  if constexpr (HasBytes<T>) {
    info.bytes = [](const void* items, std::size_t count) {
      std::size_t sum = 0;
      for (std::size_t i = 0; i < count; ++i)
        sum += Type<T>::bytes(static_cast<const T*>(items)[i]);
      return sum;
    };
  }
  if constexpr (HasField<T>) {
    info.field = [](const void* item, const std::string_view* path, std::size_t length,
                    std::string& to) {
      return Type<T>::field(*static_cast<const T*>(item), path, length, to);
    };
  }
  return info;
}

template <class T>
inline const TypeInfo type_info = make_type_info<T>();

/// The column element that stands for a C++ type in a node's signature.
template <class T>
struct Element {
  using type = T;
};
template <class T>
requires(std::integral<T> && !std::same_as<T, bool>) struct Element<T> {
  using type = std::int64_t;
};
template <>
struct Element<float> {
  using type = double;
};
template <>
struct Element<std::string> {
  using type = std::string_view;
};
template <class T>
using element_t = typename Element<std::remove_cvref_t<T>>::type;

/// Narrows an int to what a node takes or gives; throws std::out_of_range.
template <std::integral To, std::integral From>
To checked_integer(From value) {
  if constexpr (std::same_as<To, From>) {
    return value;
  } else {
    if (!std::in_range<To>(value)) {
      throw std::out_of_range(std::to_string(value) + " is outside of the range " +
                              std::to_string(std::numeric_limits<To>::min()) + ".." +
                              std::to_string(std::numeric_limits<To>::max()));
    }
    return static_cast<To>(value);
  }
}

}  // namespace abi
}  // namespace weir

#include <charconv>

inline void weir::Type<double>::text(double item, std::string& to) {
  char digits[32];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, item);
  to.append(digits, end.ptr);
}
