#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <weir/node.hpp>

// A plugin with what the built-in node types lack: ports, types of its own, state, blocking, and a
// parameter of every kind.

namespace probe {

struct Image {
  std::string name;
};
/// Can't be copied.
using Handle = std::unique_ptr<int>;

}  // namespace probe

WEIR_TYPE(probe::Image, "image");
WEIR_TYPE(probe::Handle, "handle");

namespace probe {
namespace {

using weir::Describe;

/// Not const: keeps a sum.
struct Total {
  static void describe(Describe<Total>& d) { d.node("total", "The sum of all numbers so far."); }
  std::int64_t operator()(std::int64_t x) { return sum_ += x; }

 private:
  std::int64_t sum_ = 0;
};

struct Lookup {
  static constexpr bool blocking = true;
  static void describe(Describe<Lookup>& d) { d.node("lookup", "Blocks, then passes a text on."); }
  std::string operator()(std::string text) const { return text; }
};

/// Not const, and blocks.
struct Ledger {
  static constexpr bool blocking = true;
  static void describe(Describe<Ledger>& d) { d.node("ledger", "Enters one text at a time."); }
  std::string operator()(std::string text) { return std::to_string(++count_) + text; }

 private:
  int count_ = 0;
};

struct Route {
  struct Ports {
    weir::Out<std::int64_t> small, large;
  };
  static void describe(Describe<Route>& d) {
    d.node("route", "Parts small from large numbers.");
    d.output<&Ports::small>("small", "Small ones.");
    d.output<&Ports::large>("large", "Large ones.");
  }
  void operator()(std::int64_t x, Ports& out) const { (x < 100 ? out.small : out.large)(x); }
};

/// Waits, and has ports.
struct Ask {
  struct Ports {
    weir::Out<std::string> yes, no;
  };
  static void describe(Describe<Ask>& d) {
    d.node("ask", "Asks somebody.");
    d.output<&Ports::yes>("yes", "Agreed.");
    d.output<&Ports::no>("no", "Refused.");
  }
  weir::Task<void> operator()(std::string text, Ports& out, weir::Host& host) const {
    co_await host.sleep(std::chrono::seconds(0));
    out.yes(text);
  }
};

struct Repeat {
  static void describe(Describe<Repeat>& d) { d.node("repeat", "Gives out each number twice."); }
  void operator()(std::int64_t x, weir::Out<std::int64_t>& out) const {
    out(x);
    out(x);
  }
};

struct Half {
  static void describe(Describe<Half>& d) { d.node("half", "Half of a number."); }
  double operator()(double x) const { return x / 2; }
};

struct Images {
  static void describe(Describe<Images>& d) { d.node("images", "Gives out one image."); }
  std::optional<Image> next() {
    return std::exchange(given_, true) ? std::nullopt : std::optional<Image>(Image{"one"});
  }

 private:
  bool given_ = false;
};

struct Shrink {
  static void describe(Describe<Shrink>& d) { d.node("shrink", "Makes an image smaller."); }
  Image operator()(Image image) const { return image; }
};

struct Handles {
  static void describe(Describe<Handles>& d) {
    d.node("handles", "Gives out nothing, as handles.");
  }
  std::optional<Handle> next() { return std::nullopt; }
};

struct Close {
  static void describe(Describe<Close>& d) { d.node("close", "Closes handles."); }
  void operator()(Handle /*handle*/) const {}
};

struct Wrap {
  static void describe(Describe<Wrap>& d) { d.node("wrap", "Makes a handle of a number."); }
  Handle operator()(std::int64_t x) const { return std::make_unique<int>(static_cast<int>(x)); }
};

/// Waits with what can't be copied in its hands.
struct Carry {
  static void describe(Describe<Carry>& d) {
    d.node("carry", "Passes handles on; drops the 13th.");
  }
  weir::Task<Handle> operator()(Handle handle, weir::Host& host) const {
    co_await host.sleep(std::chrono::milliseconds(1));
    if (*handle == 13) throw std::runtime_error("dropped");
    co_return std::move(handle);
  }
};

struct Unwrap {
  static void describe(Describe<Unwrap>& d) { d.node("unwrap", "The number in a handle."); }
  std::int64_t operator()(const Handle& handle) const { return *handle; }
};

/// Two ports of one type of its own.
struct Deal {
  struct Ports {
    weir::Out<Image> odd, even;
  };
  static void describe(Describe<Deal>& d) {
    d.node("deal", "Names images by numbers.");
    d.output<&Ports::odd>("odd", "Odd ones.");
    d.output<&Ports::even>("even", "Even ones.");
  }
  void operator()(std::int64_t x, Ports& out) const {
    (x % 2 == 0 ? out.even : out.odd)(Image{std::to_string(x)});
  }
};

struct Title {
  static void describe(Describe<Title>& d) { d.node("title", "The name of an image."); }
  std::string operator()(const Image& image) const { return image.name; }
};

struct Settings {
  std::int64_t whole = 5;
  std::uint8_t byte = 0;
  double fraction = 0.5;
  bool flag = false;
  std::string text = "some";
  std::string choice = "red";
  std::chrono::milliseconds time{250};
  weir::Size size{1024};
  weir::Rate rate{10};
  std::vector<std::int64_t> numbers;
  std::map<std::string, std::string> names;
  std::optional<std::int64_t> maybe;
  weir::Template form;

  static void describe(Describe<Settings>& d) {
    d.node("settings", "Has a parameter of every kind.");
    d.param<&Settings::whole>("whole", "From 1 to 10.").between(1, 10);
    d.param<&Settings::byte>("byte", "Fits a byte.");
    d.param<&Settings::fraction>("fraction", "Above 0.").greater_than(0);
    d.param<&Settings::flag>("flag", "True or false.");
    d.param<&Settings::text>("text", "Any text but an empty one.").not_empty();
    d.param<&Settings::choice>("choice", "A colour.").one_of({"red", "green"});
    d.param<&Settings::time>("time", "At least a millisecond.")
        .at_least(std::chrono::milliseconds(1));
    d.param<&Settings::size>("size", "A size.");
    d.param<&Settings::rate>("rate", "A rate.");
    d.param<&Settings::numbers>("numbers", "Some numbers.");
    d.param<&Settings::names>("names", "Texts by name.");
    d.param<&Settings::maybe>("maybe", "Not above 3, if at all.").between(0, 3);
    d.param<&Settings::form>("form", "Resolved for each item.");
  }
  void validate() const {
    if (flag && whole > 5) throw std::invalid_argument("with 'flag', 'whole' can be 5 at most");
  }
  weir::Item operator()(weir::Item item) const { return item; }
};

/// Has something to give only every now and then.
struct Polls {
  std::int64_t to = 3;
  static void describe(Describe<Polls>& d) {
    d.node("polls", "Gives out numbers, each after a hundred calls that give nothing.");
    d.param<&Polls::to>("to", "The last number.");
  }
  bool next(weir::Out<std::int64_t>& out) {
    if (++calls_ % 100 == 0) out(calls_ / 100);
    return calls_ < to * 100;
  }

 private:
  std::int64_t calls_ = 0;
};

/// Says that it gives out what nobody declares.
struct Mystery {
  static void describe(Describe<Mystery>& d) { d.node("mystery", "Gives out something."); }
  std::string output_type(std::string_view /*input*/) const { return "riddle"; }
  weir::Item operator()(weir::Item item) const { return item; }
};

/// What must be given although it has a default, and numbers that are narrower than a file's.
struct Wanted {
  std::vector<std::string> names;
  std::uint8_t tries = 1;
  std::uint8_t more = 1;
  std::chrono::duration<std::int16_t> pause{1};

  static void describe(Describe<Wanted>& d) {
    d.node("wanted", "Wants names.");
    d.param<&Wanted::names>("names", "At least one.").not_empty();
    d.param<&Wanted::tries>("tries", "From 1 to 10.").between(1, 10);
    d.param<&Wanted::more>("more", "At least 1.").at_least(1);
    d.param<&Wanted::pause>("pause", "In seconds.");
  }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

}  // namespace
}  // namespace probe

WEIR_PLUGIN("probe", probe::Total, probe::Lookup, probe::Ledger, probe::Route, probe::Ask,
            probe::Repeat, probe::Half, probe::Images, probe::Shrink, probe::Handles, probe::Close,
            probe::Wrap, probe::Carry, probe::Unwrap, probe::Deal, probe::Title, probe::Settings,
            probe::Mystery, probe::Polls, probe::Wanted)
