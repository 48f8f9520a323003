#pragma once

/// One node of each kind. Each is a plain struct that can be called with no framework around it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <weir/node.hpp>
#include <weir/record.hpp>

/// A source: `next` gives an item, or nullopt at the end.
struct Count {
  std::int64_t to = 10;

  static void describe(weir::Describe<Count>& d) {
    d.node("count", "Counts from 1.");
    d.param<&Count::to>("to", "The last number.").at_least(0);
  }
  std::optional<std::int64_t> next() { return at < to ? std::optional(++at) : std::nullopt; }
  /// Not needed; with it, who watches a run sees how long it will take.
  std::optional<std::int64_t> total() const { return to; }

 private:
  std::int64_t at = 0;
};

/// A function: what it takes and gives is read off its call operator; `const` says that it may run
/// at any concurrency.
struct Scale {
  std::int64_t factor = 2;

  static void describe(weir::Describe<Scale>& d) {
    d.node("scale", "Multiplies each number by `factor`.");
    d.param<&Scale::factor>("factor", "The multiplier.").between(1, 1000);
  }
  std::int64_t operator()(std::int64_t x) const { return x * factor; }
};

/// Several outputs: a struct of typed ports.
struct Route {
  std::int64_t least = 100;

  struct Ports {
    weir::Out<std::int64_t> small, large;
  };
  static void describe(weir::Describe<Route>& d) {
    d.node("route", "Sorts numbers by size.");
    d.param<&Route::least>("at_least", "The least of the large ones.");
    d.output<&Ports::small>("small", "Below `at_least`.");
    d.output<&Ports::large>("large", "The others.");
  }
  void operator()(std::int64_t x, Ports& out) const { (x < least ? out.small : out.large)(x); }
};

/// Work that waits: a coroutine, which holds no thread while the program runs.
struct Factors {
  static void describe(weir::Describe<Factors>& d) {
    d.node("factors", "Factors each number, by the program `factor`.");
    d.output("Such as '12: 2 2 3'.");
  }
  weir::Task<std::string> operator()(std::int64_t x, weir::Host& host) const {
    const std::string number = std::to_string(x);
    weir::ProcessResult result = co_await host.run("factor", number);
    if (!result.ok()) throw weir::CommandFailed("factor " + number, result);
    co_return result.out.substr(0, result.out.find('\n'));
  }
};

/// Work that blocks in code that can't be changed: it gets threads of its own.
struct Legacy {
  static constexpr bool blocking = true;
  std::chrono::milliseconds time{5};

  static void describe(weir::Describe<Legacy>& d) {
    d.node("legacy", "Stands for a call of a library that blocks.");
    d.param<&Legacy::time>("time", "How long it blocks.");
  }
  std::int64_t operator()(std::int64_t x) const {
    std::this_thread::sleep_for(time);
    return x;
  }
};

/// A type of one's own, which flows from node to node as it is: WEIR_TYPE gives it its name.
struct Fraction {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;

  friend bool operator==(const Fraction&, const Fraction&) = default;
};
WEIR_TYPE(Fraction, "fraction");

/// A node fails an item by throwing.
struct Invert {
  static void describe(weir::Describe<Invert>& d) { d.node("invert", "Makes 1/x of each x."); }
  Fraction operator()(std::int64_t x) const {
    if (x == 0) throw std::domain_error("0 has no inverse");
    return {1, x};
  }
};

/// Records are JSON.
struct Report {
  static void describe(weir::Describe<Report>& d) {
    d.node("report", "Makes a record of each fraction.");
    d.output("{text, value}.");
  }
  weir::Record operator()(const Fraction& x) const {
    return {{"text", std::to_string(x.numerator) + "/" + std::to_string(x.denominator)},
            {"value", static_cast<double>(x.numerator) / static_cast<double>(x.denominator)}};
  }
};
