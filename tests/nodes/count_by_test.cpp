#include "nodes/aggregate/count_by.hpp"

#include <algorithm>
#include <map>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::CountBy;

TEST(CountBy, TheHighestCountFirst) {
  NodeUnderTest<CountBy> node;
  node.give("b", "a", "", "b", "c", "a", "b");
  EXPECT_EQ(node.take(10).texts(), (Texts{R"({"count":3,"key":"b"})", R"({"count":2,"key":"a"})",
                                          R"({"count":1,"key":""})", R"({"count":1,"key":"c"})"}));
}

TEST(CountBy, OfNothingNothing) {
  NodeUnderTest<CountBy> node;
  EXPECT_EQ(node.take(10).texts(), Texts{});
}

TEST(CountBy, ByAPart) {
  NodeUnderTest<CountBy> node({{"by", "${{ item.k }}-${{ item.l }}"}});
  const auto given =
      node.give(Record{{"k", 1}, {"l", "x"}}, Record{{"k", 1}}, Record{{"k", 1}, {"l", "x"}});
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_EQ(node.take(10).texts(), Texts{R"({"count":2,"key":"1-x"})"});
}

TEST(CountBy, ItemsOfEveryType) {
  NodeUnderTest<CountBy> node;
  node.give(1, 2, 1);
  node.give(0.5);
  node.give(std::string("1"));
  EXPECT_EQ(node.take(1).texts(), Texts{R"({"count":3,"key":"1"})"});
}

TEST(CountBy, AgreesWithAModel) {
  std::mt19937 random(5);
  NodeUnderTest<CountBy> node;
  std::map<std::string, std::int64_t> model;
  for (int round = 0; round < 30; ++round) {
    Texts items;
    for (int i = 0; i < 2000; ++i) {
      // Of every length around the steps that the hash and the blocks have.
      const std::size_t longest = i % 500 == 0 ? 40'000 : i % 20 == 0 ? 40 : 3;
      items.push_back(random_text(random, longest, all_bytes()));
      ++model[items.back()];
    }
    node.give_all(items);
  }
  std::vector<std::pair<std::int64_t, std::string>> expected;
  for (const auto& [key, count] : model) expected.emplace_back(-count, key);
  std::sort(expected.begin(), expected.end());
  const auto out = everything<Record>(node);
  ASSERT_EQ(out.size(), expected.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(out[i].at("key").get<std::string>(), expected[i].second);
    ASSERT_EQ(out[i].at("count"), -expected[i].first);
  }
}

}  // namespace
}  // namespace weir::test
