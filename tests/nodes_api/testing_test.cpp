/// What testing.hpp itself promises.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Scale {
  std::int64_t factor = 2;

  static void describe(Describe<Scale>& d) {
    d.node("scale", "Multiplies each number by `factor`.");
    d.param<&Scale::factor>("factor", "The multiplier.").between(1, 1000);
  }
  std::int64_t operator()(std::int64_t x) const { return x * factor; }
};

TEST(NodeUnderTest, NeedsNoFrameworkToBeCalled) { EXPECT_EQ(Scale{.factor = 3}(14), 42); }

TEST(NodeUnderTest, HasItsParameters) {
  NodeUnderTest<Scale> scale({{"factor", 3}});
  EXPECT_EQ(scale.give(14).out(), Ints{42});
}

TEST(NodeUnderTest, TakesBatches) {
  NodeUnderTest<Scale> scale;
  EXPECT_EQ(scale.give(1, 2, 3).out(), (Ints{2, 4, 6}));
  EXPECT_EQ(scale.give_all(std::vector<int>{4, 5}).out(), (Ints{8, 10}));
  EXPECT_TRUE(scale.give_all(std::vector<int>{}).out().empty());
}

TEST(NodeUnderTest, IsThereMoreThanOnce) {
  NodeUnderTest<Scale> twice;
  NodeUnderTest<Scale> thrice({{"factor", 3}});
  EXPECT_EQ(twice.give(1).out(), Ints{2});
  EXPECT_EQ(thrice.give(1).out(), Ints{3});
}

TEST(NodeUnderTest, ReadsItemsInTheTypeThatIsAskedFor) {
  NodeUnderTest<Scale> scale;
  auto given = scale.give(1, 2);
  EXPECT_EQ(given.out<int>(), (std::vector<int>{2, 4}));
  EXPECT_EQ(given.texts(), (Texts{"2", "4"}));
}

struct Join {
  static void describe(Describe<Join>& d) { d.node("join", "Joins."); }
  void operator()(std::string_view text, Host& host) { host.print(std::string(text) + ","); }
};

TEST(NodeUnderTest, TakesTextsOfAContainer) {
  NodeUnderTest<Join> join;
  join.give_all(Texts{"a", "", "a text that is longer than the others", "b"});
  EXPECT_EQ(join.host().printed(), "a,,a text that is longer than the others,b,");
}

}  // namespace
}  // namespace weir::test
