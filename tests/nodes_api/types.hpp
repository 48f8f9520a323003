#pragma once

/// Types of items that tell how they were treated.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <weir/node.hpp>

namespace weir::test {

/// Counts its copies; a moved-from one is 0. Has no text form.
struct Tracked {
  explicit Tracked(int value_) : value(value_) {}
  Tracked(const Tracked& other) : value(other.value) { ++copies; }
  Tracked(Tracked&& other) noexcept : value(std::exchange(other.value, 0)) {}
  Tracked& operator=(const Tracked& other) {
    value = other.value;
    ++copies;
    return *this;
  }
  Tracked& operator=(Tracked&& other) noexcept {
    value = std::exchange(other.value, 0);
    return *this;
  }

  int value;
  static inline int copies = 0;
};

/// The same with a text form, which a failure shows.
struct Shown : Tracked {
  using Tracked::Tracked;
};

/// Can only be moved; owns memory, so that a leak or a second release is noticed.
struct Unique {
  explicit Unique(int value) : owned(std::make_unique<int>(value)) {}
  int value() const { return *owned; }

  std::unique_ptr<int> owned;
};

/// Has a text form that throws.
struct Unspeakable {};

}  // namespace weir::test

WEIR_TYPE(weir::test::Tracked, "tracked");
WEIR_TYPE(weir::test::Unique, "unique");

template <>
struct weir::Type<weir::test::Shown> {
  static constexpr const char* name = "shown";
  static void text(const test::Shown& item, std::string& to) { to += std::to_string(item.value); }
};

template <>
struct weir::Type<weir::test::Unspeakable> {
  static constexpr const char* name = "unspeakable";
  static void text(const test::Unspeakable&, std::string&) {
    throw std::runtime_error("it has no words");
  }
};
