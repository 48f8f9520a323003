#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <weir/node.hpp>

// A plugin whose code throws wherever it is called, but for the call operators.

namespace faulty {

struct Unspeakable {};

struct Uncopiable {
  Uncopiable() = default;
  Uncopiable(const Uncopiable&) { throw std::runtime_error("there can be but one"); }
  Uncopiable(Uncopiable&&) noexcept = default;
};

struct Setting {
  int value = 0;
};

}  // namespace faulty

template <>
struct weir::Type<faulty::Unspeakable> {
  static constexpr const char* name = "unspeakable";
  static void text(const faulty::Unspeakable&, std::string& to) {
    to += "half a te";
    throw std::runtime_error("it has no words");
  }
};

WEIR_TYPE(faulty::Uncopiable, "uncopiable");

template <>
struct weir::ParamType<faulty::Setting> {
  static constexpr const char* name = "setting";
  static faulty::Setting parse(const Value& /*value*/) { throw 42; }
  static std::string text(const faulty::Setting& /*setting*/) { return "none"; }
};

namespace faulty {
namespace {

using weir::Describe;

struct Hide {
  static void describe(Describe<Hide>& d) { d.node("hide", "Makes what can't be spoken of."); }
  Unspeakable operator()(std::int64_t /*x*/) const { return {}; }
};

struct Fail {
  static void describe(Describe<Fail>& d) { d.node("fail", "Fails what can't be spoken of."); }
  void operator()(const Unspeakable& /*x*/, weir::Out<std::int64_t>& /*out*/) const {
    throw std::runtime_error("no");
  }
};

struct WaitAndFail {
  static void describe(Describe<WaitAndFail>& d) { d.node("wait_and_fail", "The same, later."); }
  weir::Task<> operator()(const Unspeakable& /*x*/, weir::Host& host) const {
    co_await host.sleep(std::chrono::seconds(0));
    throw std::runtime_error("no");
  }
};

struct Wait {
  static void describe(Describe<Wait>& d) { d.node("wait", "Passes on, later."); }
  weir::Task<Unspeakable> operator()(Unspeakable x, weir::Host& host) const {
    co_await host.sleep(std::chrono::seconds(0));
    co_return x;
  }
};

struct Single {
  static void describe(Describe<Single>& d) { d.node("single", "Makes what throws when copied."); }
  Uncopiable operator()(std::int64_t /*x*/) const { return {}; }
};

struct Take {
  static void describe(Describe<Take>& d) { d.node("take", "Takes it."); }
  void operator()(Uncopiable /*x*/) const {}
};

struct Unsure {
  static void describe(Describe<Unsure>& d) { d.node("unsure", "Can't say what it gives."); }
  std::string output_type(std::string_view /*input*/) const {
    throw std::runtime_error("who knows");
  }
  weir::Item operator()(weir::Item item) const { return item; }
};

struct Unmade {
  Unmade() { throw 42; }
  static void describe(Describe<Unmade>& d) { d.node("unmade", "Can't be made."); }
  void operator()(std::int64_t /*x*/) const {}
};

/// The check of the file makes one, the run another.
struct MadeOnce {
  MadeOnce() {
    static bool made = false;
    if (std::exchange(made, true)) throw std::runtime_error("once is enough");
  }
  static void describe(Describe<MadeOnce>& d) { d.node("made_once", "Can be made once."); }
  void operator()(std::int64_t /*x*/) const {}
};

struct Refuses {
  static void describe(Describe<Refuses>& d) { d.node("refuses", "Refuses all parameters."); }
  void validate() const { throw 42; }
  void operator()(std::int64_t /*x*/) const {}
};

struct RefusesInSilence {
  static void describe(Describe<RefusesInSilence>& d) {
    d.node("refuses_in_silence", "Does so without a word.");
  }
  void validate() const { throw std::runtime_error(""); }
  void operator()(std::int64_t /*x*/) const {}
};

struct Settled {
  Setting setting;
  static void describe(Describe<Settled>& d) {
    d.node("settled", "Can't read its parameter.");
    d.param<&Settled::setting>("setting", "Anything.");
  }
  void operator()(std::int64_t /*x*/) const {}
};

struct NeverStarts {
  static void describe(Describe<NeverStarts>& d) { d.node("never_starts", "Can't start."); }
  void start() { throw 42; }
  void operator()(std::int64_t /*x*/) {}
};

struct NeverFinishes {
  static void describe(Describe<NeverFinishes>& d) { d.node("never_finishes", "Can't finish."); }
  void operator()(std::int64_t /*x*/) {}
  void finish(weir::Outcome /*outcome*/) { throw 42; }
};

struct Dries {
  static void describe(Describe<Dries>& d) { d.node("dries", "Gives out one, then throws."); }
  std::optional<std::int64_t> next() {
    if (std::exchange(given_, true)) throw 42;
    return 1;
  }

 private:
  bool given_ = false;
};

}  // namespace
}  // namespace faulty

WEIR_PLUGIN("faulty", faulty::Hide, faulty::Fail, faulty::WaitAndFail, faulty::Wait, faulty::Single,
            faulty::Take, faulty::Unsure, faulty::Unmade, faulty::MadeOnce, faulty::Refuses,
            faulty::RefusesInSilence, faulty::Settled, faulty::NeverStarts, faulty::NeverFinishes,
            faulty::Dries)
