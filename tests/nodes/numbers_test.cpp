#include "nodes/aggregate/numbers.hpp"

#include <limits>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::Sum;
using Min = nodes::Extreme<false>;
using Max = nodes::Extreme<true>;

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();

/// As in a pipeline that gives it such items.
template <class N>
struct Fed : NodeUnderTest<N> {
  explicit Fed(const char* input, std::initializer_list<testing::Parameter> parameters = {})
      : NodeUnderTest<N>(parameters), output(this->instance().output_type(input)) {}
  const std::string output;
  auto result() { return this->take(10); }
};

TEST(Sum, OfInts) {
  Fed<Sum> sum("int");
  sum.give(1, 2, -10);
  EXPECT_EQ(sum.output, "int");
  EXPECT_EQ(sum.result().out<std::int64_t>(), Ints{-7});
}

TEST(Sum, OfNothingIsZero) {
  EXPECT_EQ(Fed<Sum>("int").result().out<std::int64_t>(), Ints{0});
  EXPECT_EQ(Fed<Sum>("text").result().out<std::int64_t>(), Ints{0});
  EXPECT_EQ(Fed<Sum>("float").result().out<double>(), std::vector<double>{0});
  EXPECT_EQ(Fed<Sum>("text", {{"type", "float"}}).result().out<double>(), std::vector<double>{0});
}

TEST(Sum, MayGoBeyondAnIntMeanwhile) {
  Fed<Sum> sum("int");
  sum.give(kLargest, kLargest, kSmallest, kSmallest, 5);
  EXPECT_EQ(sum.result().out<std::int64_t>(), Ints{3});
}

TEST(Sum, ThatDoesNotFitFails) {
  Fed<Sum> sum("int");
  sum.give(kLargest, 1);
  const auto given = sum.result();
  ASSERT_EQ(given.failures().size(), 1u);
  EXPECT_EQ(given.failures()[0].failure.error,
            "the sum doesn't fit the 64 bits of an int; 'type: float' gives it as a float");
  Fed<Sum> as_float("int", {{"type", "float"}});
  as_float.give(kLargest, 1);
  EXPECT_EQ(as_float.output, "float");
  EXPECT_EQ(as_float.result().out<double>(), std::vector<double>{9223372036854775808.0});
}

TEST(Sum, OfFloatsInAnyOrder) {
  Fed<Sum> sum("float");
  sum.give(1e100, 1.0, -1e100, 1e-3);
  EXPECT_EQ(sum.output, "float");
  EXPECT_EQ(sum.result().out<double>(), std::vector<double>{1.001});
  Fed<Sum> infinite("float");
  infinite.give(std::numeric_limits<double>::infinity(), 1.0);
  EXPECT_EQ(infinite.result().texts(), Texts{"inf"});
}

TEST(Sum, OfTexts) {
  Fed<Sum> sum("text");
  const auto given =
      sum.give("1", "+2", "-4", "1e3", "2.0", "", " 1", "1x", "0x10", "+-1", "1.5", "nan", "1e30");
  EXPECT_EQ(sum.result().out<std::int64_t>(), Ints{1001});
  ASSERT_EQ(given.failed(), 8u);
  EXPECT_EQ(given.failures()[0].failure.error, "'' is no number");
  EXPECT_EQ(given.failures()[2].failure.error, "'1x' is no number");
  EXPECT_EQ(given.failures()[5].failure.error, "1.5 is no int; 'type: float' takes it as a float");
  EXPECT_EQ(given.failures()[7].failure.error, "1e+30 doesn't fit the 64 bits of an int");

  Fed<Sum> floats("text", {{"type", "float"}});
  EXPECT_EQ(floats.output, "float");
  floats.give("1.5", "1");
  EXPECT_EQ(floats.result().out<double>(), std::vector<double>{2.5});
}

TEST(Sum, OfParts) {
  Fed<Sum> sum("record", {{"of", "${{ item.size }}"}});
  const auto given = sum.give(Record{{"size", 3}}, Record{{"size", "4"}}, Record{{"other", 1}},
                              Record{{"size", {1}}});
  EXPECT_EQ(given.failed(), 2u);
  EXPECT_EQ(sum.output, "int");
  EXPECT_EQ(sum.result().out<std::int64_t>(), Ints{7});
}

TEST(Sum, ARecordAsAWholeIsAnErrorOfTheFile) {
  Fed<Sum> sum("record");
  EXPECT_EQ(sum.output.substr(1),
            "a record is no number; say which part of it, such as 'of: \"${{ item.size }}\"'");
  EXPECT_NE(wrong<Sum>({{"of", "3"}}).find("is the same for every item"), std::string::npos);
  EXPECT_NE(wrong<Sum>({{"type", "text"}}), "");
}

TEST(MinAndMax, OfInts) {
  Fed<Min> least("int");
  Fed<Max> most("int");
  least.give(kLargest, kLargest - 1);
  most.give(kSmallest, kSmallest + 1);
  EXPECT_EQ(least.result().out<std::int64_t>(), Ints{kLargest - 1});
  EXPECT_EQ(most.result().out<std::int64_t>(), Ints{kSmallest + 1});
  EXPECT_EQ(most.result().texts(), Texts{});
}

TEST(MinAndMax, OfNothingAreNothing) {
  EXPECT_EQ(Fed<Min>("int").result().texts(), Texts{});
  EXPECT_EQ(Fed<Max>("float").result().texts(), Texts{});
}

TEST(MinAndMax, OfFloats) {
  Fed<Min> least("float");
  Fed<Max> most("float");
  const auto given = least.give(0.5, -1.5, std::nan(""), 7.0);
  EXPECT_EQ(given.failed(), 1u);
  most.give(0.5, -1.5);
  EXPECT_EQ(least.result().out<double>(), std::vector<double>{-1.5});
  EXPECT_EQ(most.result().out<double>(), std::vector<double>{0.5});
}

TEST(MinAndMax, OfTextsByTheirValues) {
  Fed<Max> most("text");
  most.give("9", "10", "-100");
  EXPECT_EQ(most.result().out<std::int64_t>(), Ints{10});
}

}  // namespace
}  // namespace weir::test
