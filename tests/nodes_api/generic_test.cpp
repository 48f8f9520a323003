/// Nodes that take or give items of any type.

#include <gtest/gtest.h>

#include <weir/record.hpp>
#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::make_batch;
using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

/// Drops what has "drop" in its text, fails what has "fail".
struct Sieve {
  static void describe(Describe<Sieve>& d) { d.node("sieve", "Keeps some."); }
  std::optional<Item> operator()(const Item& item) const {
    const std::string text = item.text();
    if (text.find("fail") != text.npos) throw std::runtime_error("failed");
    return text.find("drop") == text.npos ? std::optional(item) : std::nullopt;
  }
};

Record record(const char* text) { return Record{{"is", text}}; }

TEST(Generic, ABatchThatComesThroughWholeIsHandedOn) {
  NodeUnderTest<Sieve> node;
  abi::BatchPtr batch = make_batch<std::int64_t>(1, 2, 3);
  const abi::Batch* const same = batch.get();
  auto given = node.give_batch(std::move(batch));
  ASSERT_EQ(given.batches().size(), 1u);
  EXPECT_EQ(given.batches()[0].get(), same);
  EXPECT_EQ(given.out<std::int64_t>(), (Ints{1, 2, 3}));
}

/// What is kept of every pattern of keep, drop and fail of up to 5 items, alone and shared.
TEST(Generic, EveryPatternOfKeptAndDropped) {
  const char* const kinds[] = {"keep", "drop", "fail"};
  for (std::size_t length = 1; length <= 5; ++length) {
    std::size_t patterns = 1;
    for (std::size_t i = 0; i < length; ++i) patterns *= 3;
    for (std::size_t pattern = 0; pattern < patterns; ++pattern) {
      std::vector<Record> items;
      Texts kept;
      std::size_t fails = 0;
      for (std::size_t i = 0, rest = pattern; i < length; ++i, rest /= 3) {
        items.push_back(record((kinds[rest % 3] + std::to_string(i)).c_str()));
        if (rest % 3 == 0) kept.push_back(items.back().dump());
        if (rest % 3 == 2) ++fails;
      }
      for (const bool shared : {false, true}) {
        NodeUnderTest<Sieve> node;
        abi::BatchPtr batch(abi::Batch::make(&abi::type_info<Record>, length));
        for (const Record& item : items) ::new (batch->item(batch->count++)) Record(item);
        const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
        auto given = node.give_batch(std::move(batch));
        EXPECT_EQ(given.texts(), kept) << "pattern " << pattern << ", shared " << shared;
        EXPECT_EQ(given.failed(), fails);
        EXPECT_EQ(given.done(), length - fails);
        for (std::size_t i = 0; shared && i < length; ++i) {
          EXPECT_EQ(other->column<Record>()[i], items[i]);
        }
      }
    }
  }
}

TEST(Generic, TextComesThroughASharedBatchWithItsBytes) {
  NodeUnderTest<Sieve> node;
  abi::BatchPtr batch = make_batch<std::string_view>("a", "drop", "b", "c");
  auto given = node.give_batch(batch.share());
  batch = {};
  EXPECT_EQ(given.out<std::string>(), (Texts{"a", "b", "c"}));
}

TEST(Generic, WhatCannotBeCopiedComesThrough) {
  NodeUnderTest<Sieve> node;
  std::vector<Unique> out = node.give(Unique(1), Unique(2)).out<Unique>();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[1].value(), 2);
}

struct Kind {
  static void describe(Describe<Kind>& d) { d.node("kind", "Names the type."); }
  std::string operator()(Item item) const { return std::string(item.type()) + " " + item.text(); }
};

TEST(Generic, AnyTypeInAndTextOut) {
  NodeUnderTest<Kind> node;
  EXPECT_EQ(node.type().input, nullptr);
  EXPECT_EQ(node.give(1, 2).out(), (Texts{"int 1", "int 2"}));
  EXPECT_EQ(node.give(0.5).out(), Texts{"float 0.5"});
  EXPECT_EQ(node.give(true).out(), Texts{"bool true"});
  EXPECT_EQ(node.give("x").out(), Texts{"text x"});
  EXPECT_EQ(node.give(record("r")).out(), Texts{R"(record {"is":"r"})"});
  EXPECT_EQ(node.give(Unique(1)).out(), Texts{"unique <unique>"});
}

struct Remake {
  static void describe(Describe<Remake>& d) { d.node("remake", "Makes items of its own."); }
  Item operator()(Item item) const { return Item::of(item.text() + "!"); }
};

TEST(Generic, AnItemThatTheNodeMakesIsGivenOut) {
  NodeUnderTest<Remake> node;
  EXPECT_EQ(node.give(1, 2).out<std::string>(), (Texts{"1!", "2!"}));
}

/// Gives its items out twice, as they are.
struct Echo {
  static void describe(Describe<Echo>& d) { d.node("echo", "Twice."); }
  void operator()(Item item, Out<Item>& out) const {
    out(item);
    out(item);
  }
};

TEST(Generic, AnOutOfItems) {
  NodeUnderTest<Echo> node;
  EXPECT_EQ(node.give(record("a"), record("b")).texts(),
            (Texts{R"({"is":"a"})", R"({"is":"a"})", R"({"is":"b"})", R"({"is":"b"})"}));
  EXPECT_EQ(node.give("t").out<std::string>(), (Texts{"t", "t"}));
}

TEST(Generic, WhatCannotBeCopiedCannotBeGivenOutOfTheMiddle) {
  NodeUnderTest<Echo> node;
  const auto given = node.give(Unique(1), Unique(2));
  ASSERT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[0].failure.error, "items of type 'unique' can't be copied");
}

TEST(Generic, ItemsThatANodeMakesGoIntoOneBatch) {
  NodeUnderTest<Remake> node;
  auto given = node.give(1, 2, 3);
  ASSERT_EQ(given.batches().size(), 1u);
  EXPECT_EQ(given.out<std::string>(), (Texts{"1!", "2!", "3!"}));
}

/// Gives out values of several types.
struct Values {
  static void describe(Describe<Values>& d) { d.node("values", "Of several types."); }
  void operator()(std::string_view text, Out<Item>& out) const {
    out(text.substr(1));
    out("copied " + std::string(text));
    if (text.size() > 2) {
      out(text.size());
      out(0.5);
      out(true);
      out(record("r"));
    }
    if (text == "fail") out(std::numeric_limits<std::uint64_t>::max());
  }
};

TEST(Generic, AnOutOfItemsTakesValuesOfAnyType) {
  for (const bool shared : {false, true}) {
    NodeUnderTest<Values> node;
    abi::BatchPtr batch = make_batch<std::string_view>("ab", "cd", "efg", "fail", "hi");
    const char* const bytes = batch->column<std::string_view>()->data();
    const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
    auto given = node.give_batch(std::move(batch));
    EXPECT_EQ(given.texts(), (Texts{"b", "copied ab", "d", "copied cd", "fg", "copied efg", "3",
                                    "0.5", "true", R"({"is":"r"})", "ail", "copied fail", "4",
                                    "0.5", "true", R"({"is":"r"})", "i", "copied hi"}));
    EXPECT_EQ(given.batches()[0]->count, 5u);
    EXPECT_EQ(given.batches()[0]->column<std::string_view>()->data(), bytes + 1);
    EXPECT_EQ(given.failed(), 1u);
  }
}

/// Of every second item something new.
struct HalfGeneric {
  static void describe(Describe<HalfGeneric>& d) { d.node("half", "Some of its own."); }
  Item operator()(Item item) {
    return ++count_ % 2 == 0 ? Item::of("a text of its own: " + item.text()) : item;
  }

 private:
  int count_ = 0;
};

TEST(Generic, WhatIsMadeAndWhatIsPassedOn) {
  NodeUnderTest<HalfGeneric> node;
  EXPECT_EQ(node.give("a", "b", "c", "d").texts(),
            (Texts{"a text of its own: b", "a text of its own: d", "a", "c"}));
}

struct Empty {
  static void describe(Describe<Empty>& d) { d.node("empty", "Gives out nothing at all."); }
  Item operator()(Item) const { return {}; }
};

TEST(Generic, AnItemWithoutAValueFails) {
  NodeUnderTest<Empty> node;
  const auto given = node.give(1);
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].failure.error, "a weir::Item without a value was given out");
}

TEST(Generic, AnItemOfAnIntThatDoesNotFitIsRefused) {
  EXPECT_EQ(*Item::of(std::uint32_t{7}).as<std::int64_t>(), 7);
  EXPECT_THROW(Item::of(std::numeric_limits<std::uint64_t>::max()), std::out_of_range);
}

TEST(Generic, AnItemOwnsItsValue) {
  Item copy;
  {
    std::string text = "a text that is long enough to be allocated";
    const Item item = Item::of(text);
    copy = item;
    text.assign(text.size(), '?');
  }
  EXPECT_EQ(copy.text(), "a text that is long enough to be allocated");
  EXPECT_EQ(copy.type(), "text");
  EXPECT_EQ(copy.as<std::int64_t>(), nullptr);
}

}  // namespace
}  // namespace weir::test
