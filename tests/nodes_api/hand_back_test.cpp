/// A task that turns out long hands back what it has not begun.

#include <gtest/gtest.h>

#include <weir/record.hpp>
#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::NodeUnderTest;

constexpr std::size_t kItems = 100;
constexpr std::size_t kBegun = 8;

struct Same {
  static void describe(Describe<Same>& d) { d.node("same", "In place."); }
  std::optional<Record> operator()(const Record& x) const {
    return x["n"] == 1 ? std::nullopt : std::optional(x);
  }
};
struct Passed {
  static void describe(Describe<Passed>& d) { d.node("passed", "As it came."); }
  Item operator()(Item x) const { return x; }
};
struct Number {
  static void describe(Describe<Number>& d) { d.node("number", "Anew."); }
  std::int64_t operator()(const Record& x) const { return x["n"].get<std::int64_t>(); }
};
struct Sunk {
  static void describe(Describe<Sunk>& d) { d.node("sunk", "Nothing."); }
  void operator()(const Record&) const {}
};

abi::BatchPtr numbered() {
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<Record>, kItems));
  for (std::size_t i = 0; i < kItems; ++i) {
    ::new (batch->item(batch->count++)) Record{{"n", i}};
  }
  return batch;
}

template <class N>
class HandBack : public ::testing::Test {};
using Nodes = ::testing::Types<Same, Passed, Number, Sunk>;
TYPED_TEST_SUITE(HandBack, Nodes);

TYPED_TEST(HandBack, NothingIsLostAndNothingIsDoneTwice) {
  for (const bool shared : {false, true}) {
    NodeUnderTest<TypeParam> node;
    node.ask_to_yield();
    abi::BatchPtr batch = numbered();
    const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
    auto given = node.give_batch(std::move(batch));
    EXPECT_EQ(given.done(), kBegun);
    ASSERT_EQ(given.handed_back(), kItems - kBegun);
    const std::vector<Record> rest = testing::read<Record>(given.rest());
    EXPECT_EQ(rest.front()["n"], kBegun);
    EXPECT_EQ(rest.back()["n"], kItems - 1);
    if (!node.type().outputs.empty()) {
      EXPECT_EQ(given.texts().size(), kBegun - (std::is_same_v<TypeParam, Same> ? 1 : 0));
    }
    if (shared) {
      EXPECT_EQ(other->count, kItems);
      EXPECT_EQ(other->column<Record>()[kItems - 1]["n"], kItems - 1);
    }
  }
}

TYPED_TEST(HandBack, OfASmallBatchIsAskedForAtEveryItem) {
  NodeUnderTest<TypeParam> node;
  node.ask_to_yield();
  EXPECT_EQ(node.give(Record{{"n", 0}}, Record{{"n", 2}}, Record{{"n", 3}}).done(), 1u);
}

TYPED_TEST(HandBack, AtLeastOneItemIsWorkedOn) {
  NodeUnderTest<TypeParam> node;
  node.ask_to_yield();
  EXPECT_EQ(node.give(Record{{"n", 0}}).done(), 1u);
}

}  // namespace
}  // namespace weir::test
