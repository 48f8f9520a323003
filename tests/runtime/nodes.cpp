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

/// A part of a number, after up to 300 us, unless the ledger has it fail.
struct Step {
  std::string as;
  std::int64_t k = 1;
  static void describe(Describe<Step>& d) {
    d.node("step", "A part of a number.");
    d.param<&Step::as>("as", "Its name in the ledger.");
    d.param<&Step::k>("k", "Which part.");
  }
  Task<std::int64_t> operator()(std::int64_t x, Host& host) const {
    thread_local std::mt19937 random{std::random_device{}()};
    co_await host.sleep(std::chrono::microseconds(random() % 300));
    if (!Ledger::current()->enter(as + " " + std::to_string(x))) {
      throw std::runtime_error("it is its turn");
    }
    co_return x / k;
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

/// Into the probe, and out of it.
struct Enter {
  static void describe(Describe<Enter>& d) { d.node("enter", "Enters the probe."); }
  std::int64_t operator()(std::int64_t x) const {
    Probe::current()->enter();
    return x;
  }
};
struct Leave {
  static void describe(Describe<Leave>& d) { d.node("leave", "Leaves the probe."); }
  std::int64_t operator()(std::int64_t x) {
    Probe::current()->leave();
    return x;
  }
};
struct Entering {
  std::int64_t to = 10;
  static void describe(Describe<Entering>& d) {
    d.node("entering", "Numbers that enter the probe.");
    d.param<&Entering::to>("to", "The last.");
  }
  std::optional<std::int64_t> next() {
    if (at_ == to) return std::nullopt;
    Probe::current()->enter();
    return ++at_;
  }

 private:
  std::int64_t at_ = 0;
};

/// Wants no more than `count`.
struct First {
  std::int64_t count = 3;
  static void describe(Describe<First>& d) {
    d.node("first", "The first ones.");
    d.param<&First::count>("count", "How many.");
  }
  std::optional<std::int64_t> operator()(std::int64_t x, Host& host) {
    if (taken_ == count) return std::nullopt;
    if (++taken_ == count) host.enough();
    return x;
  }

 private:
  std::int64_t taken_ = 0;
};

/// Keeps everything, and gives it out backwards when the input has ended.
struct Backwards {
  static void describe(Describe<Backwards>& d) { d.node("backwards", "The last one first."); }
  void operator()(std::int64_t x) { kept_.push_back(x); }
  std::optional<std::int64_t> next() {
    if (kept_.empty()) return std::nullopt;
    const std::int64_t x = kept_.back();
    kept_.pop_back();
    return x;
  }

 private:
  std::vector<std::int64_t> kept_;
};

/// Gives out the sum of `size` items, of fewer when `within` has passed, and of the rest at the
/// end.
struct Window {
  std::int64_t size = 10;
  std::chrono::milliseconds within{0};
  static void describe(Describe<Window>& d) {
    d.node("window", "Sums of some items.");
    d.param<&Window::size>("size", "How many.");
    d.param<&Window::within>("within", "After how long at most.");
  }
  void operator()(std::int64_t x, Out<std::int64_t>& out) {
    if (count_ == 0) began_ = std::chrono::steady_clock::now();
    sum_ += x;
    if (++count_ == size) give(out);
  }
  std::optional<std::chrono::steady_clock::time_point> due() const noexcept {
    if (count_ == 0 || within.count() == 0) return std::nullopt;
    return began_ + within;
  }
  void when_due(Out<std::int64_t>& out) {
    if (count_ != 0) give(out);
  }
  bool next(Out<std::int64_t>& out) {
    if (count_ != 0) give(out);
    return false;
  }

 private:
  void give(Out<std::int64_t>& out) {
    out(sum_);
    sum_ = count_ = 0;
  }

  std::int64_t sum_ = 0;
  std::int64_t count_ = 0;
  std::chrono::steady_clock::time_point began_;
};

/// Is quick up to item `quick`, then takes 10 ms for each, past the probe.
struct Jump {
  std::int64_t quick = 100;
  static void describe(Describe<Jump>& d) {
    d.node("jump", "Is quick, then slow.");
    d.param<&Jump::quick>("quick", "The last quick one.");
  }
  std::int64_t operator()(std::int64_t x) const {
    if (x <= quick) return x;
    Probe::current()->enter();
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(10);
    while (std::chrono::steady_clock::now() < end) {
    }
    Probe::current()->leave();
    return x;
  }
};

/// Lets nothing pass until somebody says so.
struct Door {
  static constexpr bool blocking = true;
  static void describe(Describe<Door>& d) { d.node("door", "Waits until it is opened."); }
  std::int64_t operator()(std::int64_t x) const {
    Gatekeeper::current()->wait();
    return x;
  }
};

}  // namespace

WEIR_NODES(test_nodes, "test", Add, Odd, Repeat, FailSome, Serial, Parity, Parse, Pass, Wait, Step,
           Block, ItemOf, Probed, Collect, BrokenSink, BrokenSource, Endless, Slow, First,
           Backwards, Window, Jump, Door, Enter, Leave, Entering)

}  // namespace weir::test
