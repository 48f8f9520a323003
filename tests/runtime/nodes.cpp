#include <chrono>
#include <random>
#include <stdexcept>
#include <string>

#include <weir/node.hpp>
#include <weir/record.hpp>

#include "support.hpp"

// Node types for tests, all on ints. What each does to an item depends on the item alone, so that a
// sequential model can say what must come out.

namespace weir::test {
namespace {

struct Add {
  std::int64_t k = 1;
  static void describe(Describe<Add>& d) {
    d.node("add", "Adds k.");
    d.param<&Add::k>("k", "What to add.");
  }
  std::int64_t operator()(std::int64_t x) const { return x + k; }
};

struct Odd {
  static void describe(Describe<Odd>& d) { d.node("odd", "Keeps odd numbers."); }
  std::optional<std::int64_t> operator()(std::int64_t x) const {
    return x % 2 != 0 ? std::optional(x) : std::nullopt;
  }
};

struct Repeat {
  std::int64_t k = 2;
  static void describe(Describe<Repeat>& d) {
    d.node("repeat", "Gives out each number k times.");
    d.param<&Repeat::k>("k", "How often.");
  }
  void operator()(std::int64_t x, Out<std::int64_t>& out) const {
    for (std::int64_t i = 0; i < k; ++i) out(x);
  }
};

struct FailSome {
  std::int64_t k = 3;
  static void describe(Describe<FailSome>& d) {
    d.node("fail_some", "Fails multiples of k.");
    d.param<&FailSome::k>("k", "Whose multiples.");
  }
  std::int64_t operator()(std::int64_t x) const {
    if (x % k == 0) throw std::runtime_error("a multiple");
    return x;
  }
};

/// Not const: one at a time.
struct Serial {
  static void describe(Describe<Serial>& d) { d.node("serial", "Passes numbers on, one by one."); }
  std::int64_t operator()(std::int64_t x) {
    if (inside_.exchange(true)) throw std::logic_error("two at a time");
    inside_ = false;
    return x;
  }

 private:
  std::atomic<bool> inside_{false};
};

struct Parity {
  struct Ports {
    Out<std::int64_t> even, odd;
  };
  static void describe(Describe<Parity>& d) {
    d.node("parity", "Parts even from odd numbers.");
    d.output<&Ports::even>("even", "Even ones.");
    d.output<&Ports::odd>("odd", "Odd ones.");
  }
  void operator()(std::int64_t x, Ports& out) const { (x % 2 == 0 ? out.even : out.odd)(x); }
};

/// The number of a text: its input has to be turned into text.
struct Parse {
  static void describe(Describe<Parse>& d) { d.node("parse", "The number that a text is."); }
  std::int64_t operator()(const std::string& text) const { return std::stoll(text); }
};

struct Pass {
  static void describe(Describe<Pass>& d) { d.node("pass", "Passes anything on."); }
  Item operator()(Item item) const { return item; }
};

/// Waits up to 200 us, at random; fails multiples of k.
struct Wait {
  std::int64_t k = 1'000'000;
  static void describe(Describe<Wait>& d) {
    d.node("wait", "Waits a little.");
    d.param<&Wait::k>("k", "Whose multiples fail.");
  }
  Task<std::int64_t> operator()(std::int64_t x, Host& host) const {
    thread_local std::mt19937 random{std::random_device{}()};
    const auto time = std::chrono::microseconds(random() % 200);
    Probe* probe = Probe::current();
    if (probe != nullptr) probe->enter();
    try {
      co_await host.sleep(time);
    } catch (const Cancelled&) {
      if (probe != nullptr) probe->leave();
      throw;
    }
    if (probe != nullptr) probe->leave();
    if (x != 0 && x % k == 0) throw std::runtime_error("a multiple");
    co_return x;
  }
};

struct Block {
  static constexpr bool blocking = true;
  static void describe(Describe<Block>& d) { d.node("block", "Works on a thread of its own."); }
  std::int64_t operator()(std::int64_t x) const {
    Probe* probe = Probe::current();
    if (probe != nullptr) probe->enter();
    if (probe != nullptr) probe->leave();
    return x;
  }
};

/// The item of a failure record.
struct ItemOf {
  static void describe(Describe<ItemOf>& d) { d.node("item_of", "The item of a failure."); }
  std::int64_t operator()(const Record& failure) const {
    return failure.at("item").get<std::int64_t>();
  }
};

/// Computes behind a probe.
struct Probed {
  static void describe(Describe<Probed>& d) { d.node("probed", "Passes numbers past the probe."); }
  std::int64_t operator()(std::int64_t x) const {
    Probe::current()->enter();
    Probe::current()->leave();
    return x;
  }
};

struct Collect {
  std::string to = "all";
  static void describe(Describe<Collect>& d) {
    d.node("collect", "Collects numbers for the test.");
    d.param<&Collect::to>("to", "Under which name.");
  }
  void operator()(std::int64_t x) { Collection::current()->add(to, x); }
};

struct BrokenSink {
  static void describe(Describe<BrokenSink>& d) { d.node("broken", "Can't take the number 5."); }
  void operator()(std::int64_t x) {
    if (x == 5) throw std::runtime_error("the disk is full");
  }
};

struct BrokenSource {
  static void describe(Describe<BrokenSource>& d) { d.node("broken", "Breaks after 3 numbers."); }
  std::optional<std::int64_t> next() {
    if (at_ == 3) throw std::runtime_error("the line is dead");
    return ++at_;
  }

 private:
  std::int64_t at_ = 0;
};

/// Ends only when the run is stopped.
struct Endless {
  static void describe(Describe<Endless>& d) { d.node("endless", "1, 2, 3, …"); }
  std::optional<std::int64_t> next() { return ++at_; }

 private:
  std::int64_t at_ = 0;
};

/// A source on a thread of its own.
struct Slow {
  static constexpr bool blocking = true;
  std::int64_t to = 10;
  static void describe(Describe<Slow>& d) {
    d.node("slow", "Numbers from a thread of its own.");
    d.param<&Slow::to>("to", "The last.");
  }
  bool next(Out<std::int64_t>& out) {
    if (at_ == to) return false;
    out(++at_);
    return true;
  }

 private:
  std::int64_t at_ = 0;
};

}  // namespace

WEIR_NODES(test_nodes, "test", Add, Odd, Repeat, FailSome, Serial, Parity, Parse, Pass, Wait, Block,
           ItemOf, Probed, Collect, BrokenSink, BrokenSource, Endless, Slow)

}  // namespace weir::test
