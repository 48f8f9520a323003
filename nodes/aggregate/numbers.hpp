#pragma once

/// Nodes that make one number of many: sum, min, max.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <weir/node.hpp>

#include "nodes/by.hpp"

namespace weir::nodes {

/// What is in an item as a number, as an int wherever it is one.
struct Number {
  bool is_int = true;
  std::int64_t whole = 0;
  double fraction = 0;

  static Number of(std::int64_t whole) { return {true, whole, 0}; }
  static Number of(double value);
  /// Throws std::invalid_argument if it is none.
  static Number parse(std::string_view text);

  double as_float() const { return is_int ? static_cast<double>(whole) : fraction; }
  /// Throws std::range_error if it is none.
  std::int64_t as_int() const;
};

/// What the nodes of this file have in common: which number of an item they mean, and what they
/// give out.
struct Numbers {
  By of;
  std::optional<std::string> type;

  std::string output_type(std::string_view input) const;

 protected:
  template <class N>
  static void describe_parameters(Describe<N>& d) {
    d.needs_text();
    d.template param<&N::of>("of", "The number, in digits.");
    d.template param<&N::type>("type",
                               "What is given out, and what the numbers must be; without it float "
                               "if the items are floats, or else int.")
        .one_of({"int", "float"});
  }

  bool gives_float() const { return gives_float_; }
  Number number_of(const Item& item);

 private:
  mutable bool gives_float_ = false;  // known before the first item, if there will be one or not
  std::string scratch_;
};

struct Sum : Numbers {
  static void describe(Describe<Sum>& d);
  void operator()(Item item);
  std::optional<Item> next();

 private:
  __extension__ using Wide = __int128;  // can't overflow by 2^64 numbers

  void add(double value);

  Wide whole_ = 0;
  double float_ = 0;
  double lost_ = 0;  // of the sum of floats, by rounding
  bool given_ = false;
};

/// Min and max.
template <bool Max>
struct Extreme : Numbers {
  static void describe(Describe<Extreme>& d) {
    if constexpr (Max) {
      d.node("max", "Gives out the largest number when its input has ended; of no items, nothing.");
    } else {
      d.node("min",
             "Gives out the smallest number when its input has ended; of no items, nothing.");
    }
    describe_parameters(d);
    d.output("One number.");
  }

  void operator()(Item item) {
    const Number number = number_of(item);
    if (gives_float()) {
      const double value = number.as_float();
      if (std::isnan(value)) throw std::invalid_argument("nan is neither large nor small");
      if (!any_ || (Max ? value > float_ : value < float_)) float_ = value;
    } else {
      const std::int64_t value = number.as_int();
      if (!any_ || (Max ? value > whole_ : value < whole_)) whole_ = value;
    }
    any_ = true;
  }

  std::optional<Item> next() {
    if (!any_) return std::nullopt;
    any_ = false;
    return gives_float() ? Item::of(float_) : Item::of(whole_);
  }

 private:
  bool any_ = false;
  std::int64_t whole_ = 0;
  double float_ = 0;
};

}  // namespace weir::nodes
