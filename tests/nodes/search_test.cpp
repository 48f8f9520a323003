#include "nodes/text/search.hpp"

#include <thread>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::Contains;
using nodes::Match;
using nodes::Replace;

TEST(Contains, KeepsWhatContainsTheText) {
  NodeUnderTest<Contains> node({{"text", "rr"}});
  EXPECT_EQ(node.give("error", "warning", "", "r", "rr").out(), (Texts{"error", "rr"}));
}

TEST(Contains, OrTheOthers) {
  NodeUnderTest<Contains> node({{"text", "rr"}, {"not", true}});
  EXPECT_EQ(node.give("error", "warning", "").out(), (Texts{"warning", ""}));
}

TEST(Contains, WhateverTheCase) {
  NodeUnderTest<Contains> node({{"text", "eRR"}, {"ignore_case", true}});
  EXPECT_EQ(node.give("ERRor", "xerrx", "er r").out(), (Texts{"ERRor", "xerrx"}));
}

TEST(Contains, DoesNotCopy) {
  NodeUnderTest<Contains> node({{"text", "keep"}});
  abi::BatchPtr batch = testing::make_batch<std::string_view>("keep this", "not that");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(given.batches().at(0)->column<std::string_view>()->data(), bytes);
}

TEST(Contains, NeedsSomethingToLookFor) {
  EXPECT_NE(wrong<Contains>({}).find("needs the parameter 'text'"), std::string::npos);
  EXPECT_EQ(wrong<Contains>({{"text", ""}}), "'text': it must not be empty");
}

TEST(Match, KeepsWhatMatches) {
  NodeUnderTest<Match> node({{"regex", "^a.c$"}});
  EXPECT_EQ(node.give("abc", "abcd", "",
                      "a\xC3\xA4"
                      "c")
                .texts(),
            (Texts{"abc",
                   "a\xC3\xA4"
                   "c"}));
  EXPECT_EQ(node.instance().output_type("text"), "text");
}

TEST(Match, OrTheOthers) {
  NodeUnderTest<Match> node({{"regex", "b"}, {"not", true}});
  EXPECT_EQ(node.give("abc", "acd", "").texts(), (Texts{"acd", ""}));
}

TEST(Match, GivesWhatTheFirstMatchCovers) {
  NodeUnderTest<Match> node({{"regex", "[0-9]+"}, {"emit", "match"}});
  EXPECT_EQ(node.give("a 12 b 3", "none", "4").texts(), (Texts{"12", "4"}));
}

TEST(Match, AMatchMayBeEmpty) {
  NodeUnderTest<Match> node({{"regex", "x*"}, {"emit", "match"}});
  EXPECT_EQ(node.give("a", "xx", "").texts(), (Texts{"", "xx", ""}));
}

TEST(Match, GivesRecordsOfGroups) {
  NodeUnderTest<Match> named({{"regex", "(?P<key>\\w+)=(?P<value>\\w*)(;)?"}, {"emit", "record"}});
  EXPECT_EQ(named.give("a=1;", "none", "b=").texts(),
            (Texts{R"({"key":"a","value":"1"})", R"({"key":"b","value":""})"}));
  EXPECT_EQ(named.instance().output_type("text"), "record");

  NodeUnderTest<Match> numbered({{"regex", "(\\w)(\\d)?"}, {"emit", "record"}});
  EXPECT_EQ(numbered.give("-a1", "b").texts(),
            (Texts{R"({"0":"a1","1":"a","2":"1"})", R"({"0":"b","1":"b","2":null})"}));
}

TEST(Match, GivesRecordsOfManyGroups) {
  std::string regex;
  for (int i = 0; i < 30; ++i) regex += "(.)";
  NodeUnderTest<Match> node({{"regex", regex}, {"emit", "record"}});
  const auto out = node.give("abcdefghijklmnopqrstuvwxyz0123").out<Record>();
  EXPECT_EQ(out.at(0).at("30"), "3");
  EXPECT_EQ(out.at(0).size(), 31u);
}

TEST(Match, TextsThatAreNotUtf8) {
  NodeUnderTest<Match> node({{"regex", "b"}});
  EXPECT_EQ(node.give("\xFF\xFE b", std::string("\0b", 2), "\xC3").texts().size(), 2u);
}

TEST(Match, SaysWhatIsWrongWithARegex) {
  EXPECT_EQ(wrong<Match>({{"regex", "a(b"}}),
            "'regex': 'a(b' is no regular expression: missing ): a(b");
  EXPECT_NE(wrong<Match>({{"regex", "(a{1000}){1000}"}}), "");
  EXPECT_NE(wrong<Match>({{"regex", "${{ item }}"}}).find("fixed for the run"), std::string::npos);
  EXPECT_EQ(wrong<Match>({{"regex", "a"}, {"not", true}, {"emit", "match"}}),
            "with 'not' there is no match: 'emit' must be item");
}

TEST(Match, TakesNoLongerForHostileTexts) {
  NodeUnderTest<Match> node({{"regex", "(a*)*(a|aa)*b$"}});
  EXPECT_EQ(node.give(std::string(100'000, 'a')).texts(), Texts{});
}

TEST(Replace, ATextEverywhere) {
  NodeUnderTest<Replace> node({{"text", "aa"}, {"with", "<\\1>"}});
  EXPECT_EQ(node.give("aa", "xaay", "aaaaa", "none", "").out(),
            (Texts{"<\\1>", "x<\\1>y", "<\\1><\\1>a", "none", ""}));
}

TEST(Replace, ATextOnce) {
  NodeUnderTest<Replace> node({{"text", "a"}, {"with", ""}, {"all", false}});
  EXPECT_EQ(node.give("banana", "a").out(), (Texts{"bnana", ""}));
}

TEST(Replace, AgreesWithAModel) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = random_text(random, 60, "ab\n");
    const std::string needle = random_text(random, 3, "ab") + "b";
    const std::string with = random_text(random, 5, "xyb");
    std::string model;
    std::size_t at = 0;
    for (std::size_t found; (found = text.find(needle, at)) != text.npos;
         at = found + needle.size())
      model += text.substr(at, found - at) + with;
    model += text.substr(at);
    NodeUnderTest<Replace> node({{"text", needle}, {"with", with}});
    EXPECT_EQ(node.give(text).out(), Texts{model});
  }
}

TEST(Replace, WhatARegexMatches) {
  NodeUnderTest<Replace> node({{"regex", "(\\w+)@(\\w+)"}, {"with", "\\2 of \\1 (\\0) \\\\"}});
  EXPECT_EQ(node.give("a@b, c@d", "none").out(),
            (Texts{"b of a (a@b) \\, d of c (c@d) \\", "none"}));
}

TEST(Replace, WhatARegexMatchesOnce) {
  NodeUnderTest<Replace> node({{"regex", "\\d"}, {"with", "#"}, {"all", false}});
  EXPECT_EQ(node.give("1 and 2", "3").out(), (Texts{"# and 2", "#"}));
}

TEST(Replace, GivesBackWhatItLeavesAsItIs) {
  for (const char* by : {"text", "regex"}) {
    NodeUnderTest<Replace> node({{by, "x"}, {"with", "y"}});
    abi::BatchPtr batch = testing::make_batch<std::string_view>("left as it is", "changed: x");
    const char* const bytes = batch->column<std::string_view>()->data();
    auto given = node.give_batch(std::move(batch));
    EXPECT_EQ(given.batches().at(0)->column<std::string_view>()->data(), bytes);
    EXPECT_EQ(given.out(), (Texts{"left as it is", "changed: y"}));
  }
}

TEST(Replace, OnSeveralThreads) {
  NodeUnderTest<Replace> node({{"text", "x"}, {"with", "a longer text"}});
  node.start();
  const Replace& replace = node.node();
  const auto work = [&](const std::string& text, const std::string& expected) {
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ(replace(text), expected);
  };
  std::thread other(work, "1 x", "1 a longer text");
  work("x 2", "a longer text 2");
  other.join();
}

TEST(Replace, TakesOneOfTextAndRegex) {
  const std::string both = "'replace' needs 'text' or 'regex', and not both";
  EXPECT_EQ(wrong<Replace>({{"with", "a"}}), both);
  EXPECT_EQ(wrong<Replace>({{"with", "a"}, {"text", "a"}, {"regex", "a"}}), both);
  EXPECT_EQ(wrong<Replace>({{"with", "\\1"}, {"text", "a"}}), "");
  EXPECT_NE(wrong<Replace>({{"with", "\\2"}, {"regex", "(a)"}}).find("only has 1 parenthesized"),
            std::string::npos);
  EXPECT_NE(wrong<Replace>({{"with", "\\x"}, {"regex", "(a)"}}), "");
}

}  // namespace
}  // namespace weir::test
