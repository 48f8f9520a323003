/// Both forms of a source.

#include <gtest/gtest.h>
#include <unistd.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Count {
  std::int64_t to = 10, at = 0;
  static void describe(Describe<Count>& d) {
    d.node("count", "Counts.");
    d.param<&Count::to>("to", "The last number.").at_least(0);
  }
  std::optional<std::int64_t> next() {
    if (at == 7) throw std::runtime_error("seven");
    return at < to ? std::optional(++at) : std::nullopt;
  }
};

TEST(Source, NulloptEndsTheStream) {
  NodeUnderTest<Count> node({{"to", 5}});
  auto first = node.take(2);
  EXPECT_EQ(first.out(), (Ints{1, 2}));
  EXPECT_FALSE(first.ended());
  auto rest = node.take(100);
  EXPECT_EQ(rest.out(), (Ints{3, 4, 5}));
  EXPECT_TRUE(rest.ended());
  EXPECT_EQ(rest.done(), 3u);
}

TEST(Source, AFailureComesBehindWhatWasMadeBefore) {
  NodeUnderTest<Count> node;
  auto given = node.take(100);
  EXPECT_EQ(given.out(), (Ints{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_TRUE(given.ended());
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].failure.error, "seven");
  EXPECT_EQ(given.done(), 7u);
}

TEST(Source, NothingAtAll) {
  NodeUnderTest<Count> node({{"to", 0}});
  auto given = node.take(10);
  EXPECT_TRUE(given.out().empty());
  EXPECT_TRUE(given.batches().empty());
  EXPECT_TRUE(given.ended());
}

struct Chunks {
  int chunks = 3;
  static void describe(Describe<Chunks>& d) {
    d.node("chunks", "Gives three at once.");
    d.param<&Chunks::chunks>("chunks", "How often.");
  }
  bool next(Out<std::string>& out, Host& host) {
    if (chunks == 0) return false;
    --chunks;
    host.note("chunk");
    for (const char* text : {"a", "b", "c"}) out(text);
    return true;
  }
};

TEST(Source, AnOutGivesSeveralAtOnce) {
  NodeUnderTest<Chunks> node;
  EXPECT_EQ(node.type().kind, abi::Kind::source);
  EXPECT_EQ(node.take(2).out(), (Texts{"a", "b", "c"}));
  auto rest = node.take(100);
  EXPECT_EQ(rest.out(), (Texts{"a", "b", "c", "a", "b", "c"}));
  EXPECT_TRUE(rest.ended());
  EXPECT_EQ(node.host().notes().size(), 3u);
}

struct Last {
  static void describe(Describe<Last>& d) { d.node("last", "Gives out as it ends."); }
  bool next(Out<std::int64_t>& out) {
    out(1);
    return false;
  }
};

TEST(Source, WhatItGivesWhenItEndsCounts) {
  NodeUnderTest<Last> node;
  EXPECT_EQ(node.take(5).out(), Ints{1});
}

struct Any {
  int at = 0;
  static void describe(Describe<Any>& d) { d.node("any", "Gives items."); }
  std::string output_type(std::string_view) const { return "text"; }
  std::optional<Item> next() {
    if (++at > 2) return std::nullopt;
    return Item::of("item " + std::to_string(at));
  }
};

TEST(Source, ItemsOfATypeThatItSays) {
  NodeUnderTest<Any> node;
  EXPECT_EQ(node.type().outputs[0].type, nullptr);
  EXPECT_EQ(node.instance().output_type(nullptr), "text");
  EXPECT_EQ(node.take(5).out<std::string>(), (Texts{"item 1", "item 2"}));
}

struct Reader {
  int descriptor = 0;
  static constexpr bool blocking = true;
  static void describe(Describe<Reader>& d) {
    d.node("reader", "Reads bytes.");
    d.param<&Reader::descriptor>("descriptor", "A file descriptor.");
  }
  std::optional<int> next(Host& host) {
    char byte = 0;
    if (!host.wait_readable(descriptor) || read(descriptor, &byte, 1) != 1) return std::nullopt;
    return byte;
  }
};

TEST(Source, OneThatBlocksIsCalledOnceATime) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "ab", 2), 2);
  NodeUnderTest<Reader> node({{"descriptor", ends[0]}});
  auto given = node.take(2);
  EXPECT_EQ(given.batches().size(), 2u);
  EXPECT_EQ(given.out(), (Ints{'a', 'b'}));
  node.host().stop();
  EXPECT_TRUE(node.take(1).ended());
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace weir::test
