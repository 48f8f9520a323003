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
  EXPECT_EQ(refusal({{"name", "n"}, {"small", 600}}), "'small': '600' must be between -5 and 5");
}

struct Wanted {
  std::vector<std::string> names;
  std::vector<std::string> kept = {"a"};
  std::optional<std::string> perhaps;
  std::uint8_t byte = 1;
  std::int64_t whole = 1;
  std::uint64_t natural = 1;
  std::int16_t low = 1;
  Value any;

  static void describe(Describe<Wanted>& d) {
    d.node("wanted", "Wants names.");
    d.param<&Wanted::names>("names", "At least one.").not_empty();
    d.param<&Wanted::kept>("kept", "At least one.").not_empty();
    d.param<&Wanted::perhaps>("perhaps", "At least a character.").not_empty();
    d.param<&Wanted::byte>("byte", "Fits a byte.");
    d.param<&Wanted::whole>("whole", "Any int.");
    d.param<&Wanted::natural>("natural", "Any int from 0.");
    d.param<&Wanted::low>("low", "From 1.").at_least(1);
    d.param<&Wanted::any>("any", "Anything.");
  }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

TEST(Parameters, ThatMustNotBeEmptyAreRequiredIfTheirDefaultIs) {
  try {
    NodeUnderTest<Wanted> node;
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "'wanted' needs the parameter 'names': At least one.");
  }
  NodeUnderTest<Wanted> given({{"names", list("a")}});
  EXPECT_EQ(given.node().names.size(), 1U);
}

TEST(Parameters, HaveTheRangesOfTheirTypes) {
  std::string ranges;
  for (const abi::ParamSpec& param : NodeUnderTest<Wanted>::type().params) {
    ranges += param.name + " | " + param.default_text + " | " + param.range + "\n";
  }
  EXPECT_EQ(ranges,
            "names |  | not empty\n"
            "kept | [\"a\"] | not empty\n"
            "perhaps | none | not empty\n"
            "byte | 1 | 0..255\n"
            "whole | 1 | \n"
            "natural | 1 | >= 0\n"
            "low | 1 | >= 1\n"
            "any | none | \n");
}

TEST(Parameters, AreExactlyWhatIsWritten) {
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "1.5s"}}),
            "'time': '1.5s' must be a whole multiple of 1s");
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "1500ms"}}),
            "'time': '1500ms' must be a whole multiple of 1s");
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "0.5m"}}), "accepted");
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "-1s"}}), "'time': '-1s' is negative");
  EXPECT_EQ(refusal({{"name", "n"}, {"time", "9999999h"}}),
            "'time': '9999999h' is out of range: a duration is 2555555h at most");
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
