/// Every form that a call operator may have.

#include <gtest/gtest.h>

#include <weir/record.hpp>
#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Twice {
  static void describe(Describe<Twice>& d) { d.node("twice", "Doubles."); }
  std::int64_t operator()(std::int64_t x) const { return 2 * x; }
};

TEST(Signature, IntByValue) {
  NodeUnderTest<Twice> node;
  EXPECT_EQ(node.give(1, 2, 3).out(), (Ints{2, 4, 6}));
  EXPECT_EQ(node.type().kind, abi::Kind::function);
  EXPECT_TRUE(node.type().concurrent);
  EXPECT_FALSE(node.type().expands);
}

struct Narrow {
  static void describe(Describe<Narrow>& d) { d.node("narrow", "Takes bytes."); }
  std::uint8_t operator()(const std::uint8_t& x) const { return static_cast<std::uint8_t>(x / 2); }
};

TEST(Signature, SmallerIntegersAreInts) {
  NodeUnderTest<Narrow> node;
  EXPECT_STREQ(node.type().input->name, "int");
  EXPECT_STREQ(node.type().outputs[0].type->name, "int");
  EXPECT_EQ(node.give(7, 255).out(), (Ints{3, 127}));
}

TEST(Signature, AnIntOutOfTheNodesRangeFailsItsItem) {
  NodeUnderTest<Narrow> node;
  auto given = node.give(-1, 8, 256);
  EXPECT_EQ(given.out(), Ints{4});
  ASSERT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[0].item, "-1");
  EXPECT_EQ(given.failures()[0].failure.error, "-1 is outside of the range 0..255");
  EXPECT_EQ(given.failures()[1].failure.error, "256 is outside of the range 0..255");
}

struct Wide {
  static void describe(Describe<Wide>& d) { d.node("wide", "Gives more than 63 bits."); }
  std::uint64_t operator()(std::int64_t x) const { return static_cast<std::uint64_t>(x); }
};

TEST(Signature, AnIntThatDoesNotFitItsEdgeFailsItsItem) {
  NodeUnderTest<Wide> node;
  auto given = node.give(5, -1, 6);
  EXPECT_EQ(given.out(), (Ints{5, 6}));
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].failure.error,
            "18446744073709551615 is outside of the range "
            "-9223372036854775808..9223372036854775807");
}

struct Half {
  static void describe(Describe<Half>& d) { d.node("half", "Halves."); }
  float operator()(float x) const { return x / 2; }
};

TEST(Signature, FloatIsADouble) {
  NodeUnderTest<Half> node;
  EXPECT_STREQ(node.type().input->name, "float");
  EXPECT_EQ(node.give(1.0, 3).out(), (std::vector<double>{0.5, 1.5}));
}

struct IsBig {
  static void describe(Describe<IsBig>& d) { d.node("is_big", "Compares."); }
  bool operator()(double x) const noexcept { return x > 10; }
};

TEST(Signature, OneTypeInAndAnotherOut) {
  NodeUnderTest<IsBig> node;
  EXPECT_EQ(node.give(1.0, 11.0).out(), (std::vector<bool>{false, true}));
}

struct Not {
  static void describe(Describe<Not>& d) { d.node("not", "Negates."); }
  bool operator()(bool x) const { return !x; }
};

TEST(Signature, Bool) {
  NodeUnderTest<Not> node;
  EXPECT_EQ(node.give(true, false).out(), (std::vector<bool>{false, true}));
}

struct Exclaim {
  static void describe(Describe<Exclaim>& d) { d.node("exclaim", "Shouts."); }
  std::string operator()(std::string text) const { return text + "!"; }
};

TEST(Signature, StringByValue) {
  NodeUnderTest<Exclaim> node;
  EXPECT_EQ(node.give("a", std::string("b"), std::string_view("")).out(), (Texts{"a!", "b!", "!"}));
}

struct Length {
  static void describe(Describe<Length>& d) { d.node("length", "Counts bytes."); }
  std::size_t operator()(const std::string& text) const { return text.size(); }
};

TEST(Signature, StringByReference) {
  NodeUnderTest<Length> node;
  EXPECT_EQ(node.give("", "abc").out(), (Ints{0, 3}));
}

struct Named {
  std::string name = "n";
  static void describe(Describe<Named>& d) { d.node("named", "Gives a member by reference."); }
  const std::string& operator()(std::int64_t /*x*/) const { return name; }
};

TEST(Signature, AResultByReferenceIsCopiedAtOnce) {
  NodeUnderTest<Named> node;
  auto given = node.give(1, 2);
  node.node().name = "changed";
  EXPECT_EQ(given.out(), (Texts{"n", "n"}));
}

struct Evens {
  static void describe(Describe<Evens>& d) { d.node("evens", "Drops odd numbers."); }
  std::optional<int> operator()(int x) const {
    return x % 2 == 0 ? std::optional<int>(x) : std::nullopt;
  }
};

TEST(Signature, NulloptDropsTheItem) {
  NodeUnderTest<Evens> node;
  auto given = node.give(1, 2, 3, 4, 5);
  EXPECT_EQ(given.out(), (Ints{2, 4}));
  EXPECT_EQ(given.done(), 5u);
  EXPECT_TRUE(node.give(1, 3).batches().empty());
}

struct Parse {
  static void describe(Describe<Parse>& d) { d.node("parse", "Reads a key."); }
  std::optional<Record> operator()(const Record& record) const {
    return record.contains("in") ? std::optional<Record>(record["in"]) : std::nullopt;
  }
};

TEST(Signature, RecordByReference) {
  NodeUnderTest<Parse> node;
  auto given = node.give(Record{{"in", {1, 2}}}, Record::object(), Record{{"in", {{"a", "b"}}}});
  EXPECT_EQ(given.texts(), (Texts{"[1,2]", R"({"a":"b"})"}));
}

struct Total {
  std::int64_t total = 0;
  static void describe(Describe<Total>& d) { d.node("total", "Adds up."); }
  void operator()(std::int64_t x) { total += x; }
  void finish(Outcome, Host& host) { host.print(std::to_string(total) + "\n"); }
};

TEST(Signature, VoidIsASink) {
  NodeUnderTest<Total> node;
  EXPECT_EQ(node.type().kind, abi::Kind::sink);
  EXPECT_FALSE(node.type().concurrent);
  EXPECT_TRUE(node.type().outputs.empty());
  EXPECT_EQ(node.give(1, 2, 3).done(), 3u);
  node.finish();
  EXPECT_EQ(node.host().printed(), "6\n");
}

struct Upto {
  static void describe(Describe<Upto>& d) { d.node("upto", "Gives 1..x."); }
  void operator()(std::int64_t x, Out<std::int64_t>& out) const {
    for (std::int64_t i = 1; i <= x; ++i) out(i);
  }
};

TEST(Signature, OutGivesAnyNumber) {
  NodeUnderTest<Upto> node;
  EXPECT_EQ(node.type().kind, abi::Kind::function);
  EXPECT_TRUE(node.type().expands);
  EXPECT_EQ(node.give(3, 0, 2).out(), (Ints{1, 2, 3, 1, 2}));
  EXPECT_TRUE(node.give(0).batches().empty());
}

struct Noted {
  static void describe(Describe<Noted>& d) { d.node("noted", "Notes."); }
  void operator()(const std::string& text, Host& host, Out<std::string>& out) const {
    host.note("saw " + text);
    out("a literal");
    out(std::string_view(text));
    out(text);
  }
};

TEST(Signature, HostAndOutInAnyOrder) {
  NodeUnderTest<Noted> node;
  EXPECT_EQ(node.give("x").out(), (Texts{"a literal", "x", "x"}));
  EXPECT_EQ(node.host().notes(), Texts{"saw x"});
}

struct WithHost {
  static void describe(Describe<WithHost>& d) { d.node("with_host", "Looks whether to stop."); }
  bool operator()(std::int64_t /*x*/, Host& host) const { return host.stopping(); }
};

TEST(Signature, HostBehindTheItem) {
  NodeUnderTest<WithHost> node;
  EXPECT_EQ(node.give(1).out(), std::vector<bool>{false});
  node.host().stop();
  EXPECT_EQ(node.give(1).out(), std::vector<bool>{true});
}

struct Blocks {
  static constexpr bool blocking = true;
  static void describe(Describe<Blocks>& d) { d.node("blocks", "Blocks."); }
  int operator()(int x) const { return x; }
};

TEST(Signature, BlockingIsSaidByTheNode) {
  NodeUnderTest<Blocks> node;
  EXPECT_EQ(node.type().work, abi::Work::blocks);
  EXPECT_EQ(node.give(4).out(), Ints{4});
}

}  // namespace
}  // namespace weir::test
