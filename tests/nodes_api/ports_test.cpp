/// Several outputs.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::make_batch;
using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Route {
  struct Ports {
    Out<std::int64_t> small;
    Out<std::string> large;
    Out<Item> all;
  };
  static void describe(Describe<Route>& d) {
    d.node("route", "Sorts by size.");
    d.output<&Ports::large>("large", "Ten and above.");
    d.output<&Ports::small>("small", "Below ten.");
    d.output<&Ports::all>("all", "Everything.");
  }
  void operator()(const Item& item, Ports& out, Host& host) const {
    const std::int64_t x = *item.as<std::int64_t>();
    if (x < 0) throw std::runtime_error("negative");
    if (x < 10) out.small(x);
    if (x >= 10) out.large("large: " + std::to_string(x));
    out.all(item);
    host.note(item.text());
  }
};

TEST(Ports, AreInTheOrderOfTheirDescription) {
  const abi::NodeType& type = NodeUnderTest<Route>::type();
  ASSERT_EQ(type.outputs.size(), 3u);
  EXPECT_EQ(type.outputs[0].name, "large");
  EXPECT_STREQ(type.outputs[0].type->name, "text");
  EXPECT_EQ(type.outputs[1].name, "small");
  EXPECT_STREQ(type.outputs[1].type->name, "int");
  EXPECT_EQ(type.outputs[2].type, nullptr);
  EXPECT_TRUE(type.expands);
}

TEST(Ports, EachGetsItsOwnItems) {
  NodeUnderTest<Route> node;
  auto given = node.give(1, 20, -1, 2, 30);
  EXPECT_EQ(given.port<std::int64_t>("small"), (Ints{1, 2}));
  EXPECT_EQ(given.port<std::string>("large"), (Texts{"large: 20", "large: 30"}));
  EXPECT_EQ(given.port<std::int64_t>("all"), (Ints{1, 20, 2, 30}));
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_EQ(node.host().notes(), (Texts{"1", "20", "2", "30"}));
}

TEST(Ports, AreKnownByTheirNames) {
  NodeUnderTest<Route> node;
  auto given = node.give(1);
  EXPECT_THROW(
      try { given.texts("tiny"); } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(),
                     "node type 'route' has no port 'tiny'; it has large, small, all");
        throw;
      },
      std::logic_error);
  EXPECT_THROW(
      try { given.port<double>("small"); } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(), "the items are of type 'int', not 'float'");
        throw;
      },
      std::logic_error);
}

struct RouteSlowly {
  struct Ports {
    Out<std::int64_t> left, right;
  };
  static void describe(Describe<RouteSlowly>& d) {
    d.node("route_slowly", "Sorts after a while.");
    d.output<&Ports::left>("left", "Odd.");
    d.output<&Ports::right>("right", "Even.");
  }
  Task<void> operator()(std::int64_t x, Host& host, Ports& out) const {
    co_await host.sleep(std::chrono::seconds(x));
    (x % 2 != 0 ? out.left : out.right)(x);
  }
};

TEST(Ports, OfANodeThatWaits) {
  NodeUnderTest<RouteSlowly> node;
  auto given = node.give(3, 2, 1);
  EXPECT_EQ(given.port<std::int64_t>("left"), (Ints{1, 3}));
  EXPECT_EQ(given.port<std::int64_t>("right"), Ints{2});
}

struct Forgetful {
  struct Ports {
    Out<std::int64_t> told, untold;
  };
  static void describe(Describe<Forgetful>& d) {
    d.node("forgetful", "Describes one of two.");
    d.output<&Ports::told>("told", "Described.");
  }
  void operator()(std::int64_t x, Ports& out) const { out.untold(x); }
};

TEST(Ports, ThatAreNotDescribedAreNoticed) {
  EXPECT_THROW(
      try { NodeUnderTest<Forgetful>::type(); } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(),
                     "node 'forgetful' doesn't describe every member of its Ports: call "
                     "d.output<&Ports::…> for each");
        throw;
      },
      std::logic_error);
}

struct Silent {
  struct Ports {
    Out<std::int64_t> one;
  };
  static void describe(Describe<Silent>& d) { d.node("silent", "Describes none."); }
  void operator()(std::int64_t, Ports&) const {}
};

TEST(Ports, WithoutAnyDescriptionAreNoticed) {
  EXPECT_THROW(NodeUnderTest<Silent>::type(), std::logic_error);
}

TEST(Ports, GiveABatchForABatch) {
  NodeUnderTest<Route> node;
  auto given = node.give_batch(make_batch<std::int64_t>(1, 2, 3));
  ASSERT_EQ(given.batches("small").size(), 1u);
  EXPECT_EQ(given.batches("small")[0]->count, 3u);
}

}  // namespace
}  // namespace weir::test
