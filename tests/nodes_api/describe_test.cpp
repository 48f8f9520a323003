/// What `describe` makes known of a node.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::NodeUnderTest;

struct Everything {
  bool flag = true;
  std::uint16_t number = 3;
  float ratio = 0.5F;
  std::string text = "a";
  std::chrono::milliseconds time = 1500ms;
  Size size{64 << 10};
  Rate rate{10};
  std::vector<std::string> texts = {"x", "y"};
  std::vector<std::vector<int>> lists = {{1}, {2, 3}};
  std::map<std::string, int> map = {{"a", 1}};
  std::vector<std::pair<std::string, std::string>> pairs = {{"k", "v"}};
  Template form{"plain"};
  std::optional<int> perhaps;
  std::optional<std::vector<std::string>> perhaps_texts;

  static void describe(Describe<Everything>& d) {
    d.node("everything", "Has a parameter of each type.");
    d.param<&Everything::flag>("flag", "A bool.");
    d.param<&Everything::number>("number", "An int.").between(1, 9);
    d.param<&Everything::ratio>("ratio", "A float.").greater_than(0);
    d.param<&Everything::text>("text", "A text.").one_of({"a", "b"});
    d.param<&Everything::time>("time", "A duration.").at_least(1ms);
    d.param<&Everything::size>("size", "A size.");
    d.param<&Everything::rate>("rate", "A rate.");
    d.param<&Everything::texts>("texts", "A list.").not_empty();
    d.param<&Everything::lists>("lists", "A list of lists.");
    d.param<&Everything::map>("map", "A map.");
    d.param<&Everything::pairs>("pairs", "A map in order.");
    d.param<&Everything::form>("form", "A template.");
    d.param<&Everything::perhaps>("perhaps", "Perhaps an int.").at_least(5);
    d.param<&Everything::perhaps_texts>("perhaps_texts", "Perhaps a list.");
  }
  void operator()(std::int64_t) const {}
};

TEST(Describe, TypesDefaultsAndRangesComeFromTheMembers) {
  std::string table;
  for (const abi::ParamSpec& param : NodeUnderTest<Everything>::type().params) {
    table +=
        param.name + " | " + param.type + " | " + param.default_text + " | " + param.range + "\n";
  }
  EXPECT_EQ(table,
            "flag | bool | true | \n"
            "number | int | 3 | 1..9\n"
            "ratio | float | 0.5 | > 0\n"
            "text | text | \"a\" | a | b\n"
            "time | duration | 1500ms | >= 1ms\n"
            "size | size | 64KiB | \n"
            "rate | rate | 10/s | \n"
            "texts | list of text | [\"x\", \"y\"] | not empty\n"
            "lists | list of list of int | [[1], [2, 3]] | \n"
            "map | map of int | {a: 1} | \n"
            "pairs | map of text | {k: \"v\"} | \n"
            "form | template | \"plain\" | \n"
            "perhaps | int | none | >= 5\n"
            "perhaps_texts | list of text | none | \n");
}

struct Nameless {
  static void describe(Describe<Nameless>&) {}
  void operator()(std::int64_t) const {}
};

TEST(Describe, ANodeNeedsAName) { EXPECT_THROW(NodeUnderTest<Nameless>::type(), std::logic_error); }

struct Words {
  static void describe(Describe<Words>& d) {
    d.node("words", "Does something.");
    d.input("What it takes.");
    d.output("What it gives.");
  }
  std::int64_t operator()(std::int64_t x) const { return x; }
};

TEST(Describe, KeepsTheWords) {
  const abi::NodeType& type = NodeUnderTest<Words>::type();
  EXPECT_EQ(type.doc, "Does something.");
  EXPECT_EQ(type.input_doc, "What it takes.");
  EXPECT_EQ(type.outputs.at(0).doc, "What it gives.");
  EXPECT_EQ(type.outputs.at(0).name, "out");
}

}  // namespace
}  // namespace weir::test
