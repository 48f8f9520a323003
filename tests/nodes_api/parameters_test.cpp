/// Parameters are bound and checked as those of a pipeline file.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::list;
using testing::map;
using testing::NodeUnderTest;
using testing::Parameter;

struct Options {
  std::int8_t small = 1;
  std::int64_t low = 0, high = 10;
  double ratio = 1;
  std::string name;
  std::chrono::seconds time = 1s;
  std::vector<int> numbers;
  std::map<std::string, std::vector<std::string>> table;
  Template text;
  bool flag = false;

  static void describe(Describe<Options>& d) {
    d.node("options", "Has options.");
    d.param<&Options::small>("small", "A small number.").between(-5, 5);
    d.param<&Options::low>("low", "The lower end.");
    d.param<&Options::high>("high", "The upper end.");
    d.param<&Options::ratio>("ratio", "A ratio.");
    d.param<&Options::name>("name", "A name.").required().not_empty();
    d.param<&Options::time>("time", "A time.");
    d.param<&Options::numbers>("numbers", "Numbers.");
    d.param<&Options::table>("table", "A table.");
    d.param<&Options::text>("text", "A text.");
    d.param<&Options::flag>("flag", "A flag.");
  }
  void validate() const {
    if (low > high) throw std::invalid_argument("'low' must not be above 'high'");
  }
  std::string operator()(const Item& item) const { return text.render(item); }
};

std::string refusal(std::initializer_list<Parameter> parameters) {
  try {
    NodeUnderTest<Options> node(parameters);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Parameters, AreSet) {
  NodeUnderTest<Options> node({{"small", -5},
                               {"ratio", 2},
                               {"name", "n"},
                               {"time", 2min},
                               {"numbers", list(1, 2)},
                               {"table", map({{"a", list("x")}, {"b", list()}})},
                               {"flag", true}});
  const Options& options = node.node();
  EXPECT_EQ(options.small, -5);
  EXPECT_EQ(options.ratio, 2.0);
  EXPECT_EQ(options.name, "n");
  EXPECT_EQ(options.time, 2min);
  EXPECT_EQ(options.numbers, (std::vector<int>{1, 2}));
  EXPECT_EQ(options.table.at("a"), std::vector<std::string>{"x"});
  EXPECT_TRUE(options.table.at("b").empty());
  EXPECT_TRUE(options.flag);
  EXPECT_EQ(options.high, 10) << "what isn't given keeps its default";
}

TEST(Parameters, ADurationMayBeWrittenOut) {
  NodeUnderTest<Options> node({{"name", "n"}, {"time", "1.5h"}});
  EXPECT_EQ(node.node().time, 90min);
}

TEST(Parameters, ATemplateIsResolvedForEachItem) {
  NodeUnderTest<Options> node({{"name", "n"}, {"text", "<${{ item }}|${{item}}>"}});
  EXPECT_EQ(node.give(1, 2).out(), (std::vector<std::string>{"<1|1>", "<2|2>"}));
}

TEST(Parameters, OutOfRange) {
  EXPECT_EQ(refusal({{"name", "n"}, {"small", 6}}), "'small': '6' must be between -5 and 5");
  EXPECT_EQ(refusal({{"name", "n"}, {"small", 600}}), "'small': 600 is outside of -128..127");
}

TEST(Parameters, OfAnotherType) {
  EXPECT_EQ(refusal({{"name", "n"}, {"low", "3"}}),
            "'low': expected an int, got a text '3'; its quotes make it a text: write it without, "
            "if need be on a line of its own");
  EXPECT_EQ(refusal({{"name", "n"}, {"numbers", 3}}),
            "'numbers': expected a list, [a, b, …], got an int '3'");
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "soon"}}),
            "'time': expected a duration such as 250ms, 10s, 5m or 2h, got a text 'soon'");
}

TEST(Parameters, UnknownOnes) {
  EXPECT_EQ(
      refusal({{"name", "n"}, {"lowest", 3}}),
      "unknown parameter 'lowest' of function type 'options'; it has small, low, high, ratio, "
      "name, time, numbers, table, text, flag");
}

TEST(Parameters, MissingOnes) {
  EXPECT_EQ(refusal({}), "'options' needs the parameter 'name': A name.");
}

TEST(Parameters, ThatDoNotFitTogether) {
  EXPECT_EQ(refusal({{"name", "n"}, {"low", 11}}), "'low' must not be above 'high'");
}

TEST(Parameters, HolesOnlyWhereATemplateIs) {
  EXPECT_EQ(refusal({{"name", "${{ item }}"}}),
            "'name': '${{ }}' is resolved for each item, but this parameter is fixed for the run");
  EXPECT_EQ(refusal({{"name", "n"}, {"text", "${{ run() }}"}}),
            "'text': '${{ run() }}' is not an expression; write '${{ item }}' or "
            "'${{ item.name }}'");
}

TEST(Parameters, AllThatIsWrongAtOnce) {
  EXPECT_EQ(refusal({{"ratio", "x"}, {"small", 7}}),
            "'ratio': expected a float, got a text 'x'\n"
            "'small': '7' must be between -5 and 5\n"
            "'options' needs the parameter 'name': A name.");
}

}  // namespace
}  // namespace weir::test
