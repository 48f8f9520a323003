/// Text is views: into the item where that is what is given out, else into copies.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using testing::make_batch;
using testing::NodeUnderTest;
using Texts = std::vector<std::string>;

struct FirstWord {
  static void describe(Describe<FirstWord>& d) { d.node("first_word", "Up to the first blank."); }
  std::string_view operator()(std::string_view text) const {
    return text.substr(0, text.find(' '));
  }
};

TEST(Text, AViewIntoTheItemIsNotCopied) {
  NodeUnderTest<FirstWord> node;
  abi::BatchPtr batch = make_batch<std::string_view>("one two", "three", "");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(given.batches()[0]->column<std::string_view>()->data(), bytes);
  EXPECT_EQ(given.out(), (Texts{"one", "three", ""}));
}

TEST(Text, AViewIntoASharedItemIsNotCopiedEither) {
  NodeUnderTest<FirstWord> node;
  abi::BatchPtr batch = make_batch<std::string_view>("one two", "three");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(batch.share());
  EXPECT_EQ(given.batches()[0]->column<std::string_view>()->data(), bytes);
  batch = {};  // the bytes stay
  EXPECT_EQ(given.out(), (Texts{"one", "three"}));
}

struct Literal {
  static void describe(Describe<Literal>& d) { d.node("literal", "Half of it is its own."); }
  std::string_view operator()(std::string_view text) const {
    return text.starts_with('x') ? std::string_view("literal") : text;
  }
};

TEST(Text, AViewIntoSomethingElseIsCopied) {
  for (const bool shared : {false, true}) {
    NodeUnderTest<Literal> node;
    abi::BatchPtr batch = make_batch<std::string_view>("x1", "keep", "x2");
    const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
    auto given = node.give_batch(std::move(batch));
    EXPECT_EQ(given.out(), (Texts{"literal", "keep", "literal"}));
  }
}

struct Members {
  std::string last;
  static void describe(Describe<Members>& d) { d.node("members", "Gives the item before."); }
  std::string_view operator()(std::string_view text) {
    before_ = std::exchange(last, std::string(text));
    return before_;
  }

 private:
  std::string before_;
};

TEST(Text, AViewIntoTheNodeIsCopiedBeforeItChanges) {
  NodeUnderTest<Members> node;
  EXPECT_EQ(node.give("a long text that is not stored in place", "b", "c").out(),
            (Texts{"", "a long text that is not stored in place", "b"}));
}

struct SplitWords {
  static void describe(Describe<SplitWords>& d) { d.node("words", "Splits."); }
  void operator()(std::string_view text, Out<std::string_view>& out) const {
    while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      out(word);
      text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    out("end of " + std::string(word_count(text)));
  }
  static const char* word_count(std::string_view text) { return text.empty() ? "line" : "?"; }
};

TEST(Text, AnOutMixesViewsIntoTheItemAndCopies) {
  NodeUnderTest<SplitWords> node;
  abi::BatchPtr batch = make_batch<std::string_view>("a b", "c");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(given.batches()[0]->column<std::string_view>()->data(), bytes);
  EXPECT_EQ(given.out(), (Texts{"a", "b", "end of line", "c", "end of line"}));
}

struct Spell {
  static void describe(Describe<Spell>& d) { d.node("spell", "Writes a number out."); }
  std::string operator()(std::int64_t x) const {
    return std::string(static_cast<std::size_t>(x), 'x');
  }
};

TEST(Text, ItsBytesMayBeMoreThanABlock) {
  NodeUnderTest<Spell> node;
  const std::vector<std::int64_t> sizes = {0, 1, 700'000, 3'000'000, 5, 700'000, 2};
  const Texts texts = node.give_all(sizes).out();
  ASSERT_EQ(texts.size(), sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(texts[i], std::string(static_cast<std::size_t>(sizes[i]), 'x'));
  }
}

struct Short {
  static void describe(Describe<Short>& d) { d.node("short", "Drops and fails."); }
  std::optional<std::string> operator()(std::string text) const {
    if (text.empty()) throw std::runtime_error("empty");
    return text.size() < 4 ? std::optional(text + text) : std::nullopt;
  }
};

TEST(Text, AFailureShowsTheItemAsItCame) {
  NodeUnderTest<Short> node;
  auto given = node.give("ab", "abcd", "", "c");
  EXPECT_EQ(given.out(), (Texts{"abab", "cc"}));
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].item, "");
}

}  // namespace
}  // namespace weir::test
