#include "nodes/stream/stream.hpp"

#include <deque>
#include <set>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::BatchItems;
using nodes::Dedupe;
using nodes::Sample;
using nodes::Skip;
using nodes::Take;

TEST(Take, GivesTheFirstAndThenHasEnough) {
  NodeUnderTest<Take> node({{"count", 3}});
  EXPECT_EQ(node.give(1, 2).out<std::int64_t>(), (Ints{1, 2}));
  EXPECT_FALSE(node.host().has_enough());
  EXPECT_EQ(node.give(3, 4, 5).out<std::int64_t>(), (Ints{3}));
  EXPECT_TRUE(node.host().has_enough());
  EXPECT_EQ(node.give(6).out<std::int64_t>(), Ints{});
}

TEST(Take, NoneIsEnoughAtOnce) {
  NodeUnderTest<Take> node({{"count", 0}});
  node.start();
  EXPECT_TRUE(node.host().has_enough());
  EXPECT_EQ(node.give("a").texts(), Texts{});
  EXPECT_NE(wrong<Take>({{"count", -1}}), "");
}

TEST(Skip, DropsTheFirst) {
  NodeUnderTest<Skip> node({{"count", 2}});
  EXPECT_EQ(node.give("a").texts(), Texts{});
  EXPECT_EQ(node.give("b", "c", "d").texts(), (Texts{"c", "d"}));
  NodeUnderTest<Skip> none({{"count", 0}});
  EXPECT_EQ(none.give("a", "b").texts(), (Texts{"a", "b"}));
}

TEST(Sample, TheFirstOfEverySoMany) {
  NodeUnderTest<Sample> node({{"every", 3}});
  EXPECT_EQ(node.give(1, 2, 3, 4, 5).out<std::int64_t>(), (Ints{1, 4}));
  EXPECT_EQ(node.give(6, 7).out<std::int64_t>(), (Ints{7}));
}

Ints sampled(std::initializer_list<testing::Parameter> parameters) {
  Ints items(10'000);
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<std::int64_t>(i);
  NodeUnderTest<Sample> node(parameters);
  return node.give_all(items).out<std::int64_t>();
}

TEST(Sample, WithAProbability) {
  const Ints tenth = sampled({{"rate", 0.1}, {"seed", 7}});
  EXPECT_NEAR(static_cast<double>(tenth.size()), 1000, 150);
  EXPECT_EQ(tenth, sampled({{"rate", 0.1}, {"seed", 7}}));
  EXPECT_NE(tenth, sampled({{"rate", 0.1}, {"seed", 8}}));
  EXPECT_NE(sampled({{"rate", 0.5}}), sampled({{"rate", 0.5}}));
  EXPECT_EQ(sampled({{"rate", 0}}).size(), 0u);
  EXPECT_EQ(sampled({{"rate", 1}}).size(), 10'000u);
}

TEST(Sample, WrongParameters) {
  EXPECT_EQ(wrong<Sample>({}), "'sample' needs 'every' or 'rate', and not both");
  EXPECT_EQ(wrong<Sample>({{"every", 1}, {"rate", 1}}),
            "'sample' needs 'every' or 'rate', and not both");
  EXPECT_EQ(wrong<Sample>({{"rate", 1.5}}), "'rate': '1.5' must be between 0 and 1");
  EXPECT_NE(wrong<Sample>({{"rate", std::nan("")}}), "");
  EXPECT_NE(wrong<Sample>({{"every", 0}}), "");
  EXPECT_NE(wrong<Sample>({{"every", 1}, {"seed", 1}}), "");
}

TEST(Dedupe, GivesOutEachTextOnce) {
  NodeUnderTest<Dedupe> node;
  EXPECT_EQ(node.give("a", "b", "a", "").texts(), (Texts{"a", "b", ""}));
  EXPECT_EQ(node.give("b", "", "c").texts(), (Texts{"c"}));
  node.finish();
  EXPECT_TRUE(node.host().notes().empty());
}

TEST(Dedupe, ByAKey) {
  NodeUnderTest<Dedupe> node({{"by", "${{ item.id }}"}});
  const auto given = node.give(Record{{"id", 1}, {"n", 1}}, Record{{"id", "1"}}, Record{{"x", 1}},
                               Record{{"id", 2}});
  EXPECT_EQ(given.texts(), (Texts{R"({"id":1,"n":1})", R"({"id":2})"}));
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_NE(wrong<Dedupe>({{"by", "all the same"}}).find("is the same for every item"),
            std::string::npos);
}

TEST(Dedupe, ForgetsTheOldestAndSaysSo) {
  NodeUnderTest<Dedupe> node({{"remember", 2}});
  EXPECT_EQ(node.give("a", "b", "a", "c", "b", "a").texts(), (Texts{"a", "b", "c", "a"}));
  node.finish();
  EXPECT_EQ(node.host().notes(),
            (Texts{"forgot 2 keys: if they came again, so did their items (`remember` is 2)"}));
}

TEST(Dedupe, AgreesWithAModel) {
  for (const std::int64_t remember : {1, 7, 100, 1000}) {
    std::mt19937 random(4);
    NodeUnderTest<Dedupe> node({{"remember", remember}});
    Ints items;
    Ints model;
    std::set<std::int64_t> known;
    std::deque<std::int64_t> order;
    for (int i = 0; i < 20'000; ++i) {
      const auto item = static_cast<std::int64_t>(random() % 600);
      items.push_back(item);
      if (!known.insert(item).second) continue;
      model.push_back(item);
      order.push_back(item);
      if (order.size() <= static_cast<std::size_t>(remember)) continue;
      known.erase(order.front());
      order.pop_front();
    }
    EXPECT_EQ(node.give_all(items).out<std::int64_t>(), model) << remember;
  }
}

/// The vectors of the reference implementation, which are for more rounds.
TEST(StrongHash, IsSipHash) {
  const nodes::HashKey key{0x0706050403020100, 0x0F0E0D0C0B0A0908};
  const auto is = [&](std::string_view text, std::uint64_t low, std::uint64_t high) {
    return nodes::strong_hash<2, 4>(text, key) == nodes::Hash128{low, high};
  };
  EXPECT_TRUE(is("", 0xE6A825BA047F81A3, 0x930255C71472F66D));
  EXPECT_TRUE(is(std::string_view("\0", 1), 0x44AF996BD8C187DA, 0x45FC229B11597634));
}

TEST(StrongHash, EveryByteAndTheLengthCount) {
  const nodes::HashKey key{1, 2};
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  std::string text;
  for (int length = 0; length < 40; ++length) {
    const auto add = [&] {
      const nodes::Hash128 hash = nodes::strong_hash(text, key);
      EXPECT_TRUE(seen.emplace(hash.low, hash.high).second);
    };
    add();
    for (char& c : text) {
      c = 1;
      add();
      c = 0;
    }
    text += '\0';
  }
}

TEST(Batch, PutsItemsIntoLists) {
  NodeUnderTest<BatchItems> node({{"size", 2}});
  EXPECT_EQ(node.give("a", "b", "c").texts(), (Texts{R"(["a","b"])"}));
  EXPECT_EQ(node.give("d").texts(), (Texts{R"(["c","d"])"}));
  EXPECT_EQ(node.give("e").texts(), Texts{});
  EXPECT_EQ(node.take(10).texts(), (Texts{R"(["e"])"}));
  EXPECT_EQ(node.take(10).texts(), Texts{});
}

TEST(Batch, SaysWhenItKeepsNothing) {
  NodeUnderTest<BatchItems> node({{"size", 2}, {"within", "1ms"}});
  EXPECT_TRUE(node.instance().is_empty());
  node.give("a");
  EXPECT_FALSE(node.instance().is_empty());
  node.give("b");
  EXPECT_TRUE(node.instance().is_empty());
  node.give("c");
  node.tick();
  EXPECT_TRUE(node.instance().is_empty());
  node.give("d");
  node.take(1);
  EXPECT_TRUE(node.instance().is_empty());
}

TEST(Batch, KeepsWhatItemsAre) {
  NodeUnderTest<BatchItems> node({{"size", 1}});
  EXPECT_EQ(node.give(1).texts(), Texts{"[1]"});
  EXPECT_EQ(node.give(0.5).texts(), Texts{"[0.5]"});
  EXPECT_EQ(node.give(true).texts(), Texts{"[true]"});
  EXPECT_EQ(node.give(Record{{"a", {1, 2}}}).texts(), Texts{R"([{"a":[1,2]}])"});
  EXPECT_EQ(node.give("1").texts(), Texts{R"(["1"])"});
  EXPECT_EQ(node.take(1).texts(), Texts{});
}

TEST(Batch, GivesOutWhatHasWaitedForLong) {
  NodeUnderTest<BatchItems> node({{"size", 3}, {"within", "1ms"}});
  node.start();
  EXPECT_FALSE(node.due());
  const auto before = std::chrono::steady_clock::now();
  node.give(1);
  const auto due = node.due();
  ASSERT_TRUE(due);
  EXPECT_GE(*due, before + std::chrono::milliseconds(1));
  node.give(2);
  EXPECT_EQ(node.due(), due);  // counted from the first item
  EXPECT_EQ(node.tick().texts(), Texts{"[1,2]"});
  EXPECT_FALSE(node.due());
  EXPECT_EQ(node.tick().texts(), Texts{});
  EXPECT_EQ(node.give(3, 4, 5).texts(), Texts{"[3,4,5]"});
  EXPECT_FALSE(node.due());
  NodeUnderTest<BatchItems> late({{"size", 3}, {"within", "100000d"}});
  late.give(1);
  EXPECT_GT(late.due(), std::chrono::steady_clock::now());
}

TEST(Batch, WrongParameters) {
  EXPECT_NE(wrong<BatchItems>({}), "");
  EXPECT_NE(wrong<BatchItems>({{"size", 0}}), "");
  EXPECT_EQ(wrong<BatchItems>({{"size", 1}, {"within", "0s"}}),
            "'within': '0s' must be greater than 0s");
}

}  // namespace
}  // namespace weir::test
