#include "nodes/text/parts.hpp"

#include <memory>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::Lower;
using nodes::Split;
using nodes::Trim;
using nodes::Upper;

Texts split(std::initializer_list<testing::Parameter> parameters, const std::string& text) {
  NodeUnderTest<Split> node(parameters);
  return node.give(text).out();
}

TEST(Split, IntoWords) {
  EXPECT_EQ(split({}, "two  words"), (Texts{"two", "words"}));
  EXPECT_EQ(split({}, " \t\n\v\f\r "), Texts{});
  EXPECT_EQ(split({}, ""), Texts{});
  EXPECT_EQ(split({}, " a\tb\nc\vd\fe\rf "), (Texts{"a", "b", "c", "d", "e", "f"}));
  // What Unicode calls white space stays where it is.
  EXPECT_EQ(split({},
                  "a\xC2\xA0"
                  "b"),
            Texts{"a\xC2\xA0"
                  "b"});
}

TEST(Split, IntoWordsAsAModelDoes) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    const std::string text =
        random_text(random, 70, round % 2 == 0 ? "a \t" : std::string_view(all_bytes()));
    Texts model;
    std::string word;
    for (const char c : text + " ") {
      const bool white = c == ' ' || (c >= '\t' && c <= '\r');
      if (!white) {
        word += c;
      } else if (!word.empty()) {
        model.push_back(std::exchange(word, ""));
      }
    }
    ASSERT_EQ(split({}, text), model) << text;
  }
}

TEST(Split, ByAText) {
  EXPECT_EQ(split({{"by", ","}}, "a,,b,"), (Texts{"a", "", "b", ""}));
  EXPECT_EQ(split({{"by", ","}}, ""), (Texts{""}));
  EXPECT_EQ(split({{"by", ","}}, "none"), (Texts{"none"}));
  EXPECT_EQ(split({{"by", "::"}}, "a::b:::c"), (Texts{"a", "b", ":c"}));
  EXPECT_EQ(split({{"by", std::string(1, '\0')}}, std::string("a\0b", 3)), (Texts{"a", "b"}));
}

TEST(Split, IntoLines) {
  EXPECT_EQ(split({{"lines", true}}, "a\n\nb\n"), (Texts{"a", "", "b"}));
  EXPECT_EQ(split({{"lines", true}}, "a\r\nb"), (Texts{"a\r", "b"}));
  EXPECT_EQ(split({{"lines", true}}, "\n"), (Texts{""}));
  EXPECT_EQ(split({{"lines", true}}, ""), Texts{});
}

TEST(Split, DoesNotCopy) {
  NodeUnderTest<Split> node;
  abi::BatchPtr batch = testing::make_batch<std::string_view>("some words", "and more");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(batch.share());
  batch = {};
  EXPECT_EQ(given.batches().at(0)->column<std::string_view>()->data(), bytes);
  EXPECT_EQ(given.out(), (Texts{"some", "words", "and", "more"}));
}

TEST(Split, WrongParameters) {
  EXPECT_EQ(wrong<Split>({{"by", ","}, {"lines", true}}), "'by' and 'lines' exclude each other");
  EXPECT_EQ(wrong<Split>({{"by", ""}}), "'by': it must not be empty");
}

TEST(UpperAndLower, ChangeAsciiLettersAlone) {
  NodeUnderTest<Upper> upper;
  NodeUnderTest<Lower> lower;
  std::string all = all_bytes();
  std::string capitals = all;
  std::string small = all;
  for (int i = 'a'; i <= 'z'; ++i)
    capitals[static_cast<std::size_t>(i)] = static_cast<char>(i - 32);
  for (int i = 'A'; i <= 'Z'; ++i) small[static_cast<std::size_t>(i)] = static_cast<char>(i + 32);
  EXPECT_EQ(upper
                .give(all, "", "ABC",
                      "stra\xC3\x9F"
                      "e")
                .out(),
            (Texts{capitals, "", "ABC",
                   "STRA\xC3\x9F"
                   "E"}));
  EXPECT_EQ(lower.give(all, "", "abc", "X").out(), (Texts{small, "", "abc", "x"}));
}

TEST(Trim, TakesWhiteSpaceAtBothEnds) {
  NodeUnderTest<Trim> node;
  EXPECT_EQ(node.give(" \t a b \r\n", "", "  ", "x").out(), (Texts{"a b", "", "", "x"}));
}

TEST(Trim, OrOtherBytes) {
  NodeUnderTest<Trim> node({{"chars", "\"-"}});
  EXPECT_EQ(node.give("-\"a-b\"-", "--", " -x").out(), (Texts{"a-b", "", " -x"}));
  EXPECT_EQ(wrong<Trim>({{"chars", ""}}), "'chars': it must not be empty");
}

}  // namespace
}  // namespace weir::test
