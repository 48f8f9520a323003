/// When items are moved, and when they are copied.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::make_batch;
using testing::NodeUnderTest;

struct Increment {
  static void describe(Describe<Increment>& d) { d.node("increment", "Adds one."); }
  Tracked operator()(Tracked x) const {
    if (x.value == 13) throw std::runtime_error("unlucky");
    ++x.value;
    return x;
  }
};

std::vector<int> values(const std::vector<abi::BatchPtr>& batches) {
  std::vector<int> values;
  for (const abi::BatchPtr& batch : batches) {
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      values.push_back(batch->column<Tracked>()[i].value);
    }
  }
  return values;
}

TEST(Move, AByValueParameterIsMovedWhenNobodyElseHoldsTheBatch) {
  NodeUnderTest<Increment> node;
  abi::BatchPtr batch = make_batch<Tracked>(1, 2, 3);
  Tracked::copies = 0;
  const auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(Tracked::copies, 0);
  EXPECT_EQ(values(given.batches()), (std::vector<int>{2, 3, 4}));
}

TEST(Move, AByValueParameterIsCopiedOutOfASharedBatch) {
  NodeUnderTest<Increment> node;
  const abi::BatchPtr batch = make_batch<Tracked>(1, 2, 3);
  Tracked::copies = 0;
  const auto given = node.give_batch(batch.share());
  EXPECT_EQ(Tracked::copies, 3);
  EXPECT_EQ(values(given.batches()), (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(batch->column<Tracked>()[2].value, 3);
}

TEST(Move, AnItemThatFailedDoesNotHurtItsNeighbours) {
  NodeUnderTest<Increment> node;
  const auto given = node.give_batch(make_batch<Tracked>(1, 13, 3, 13));
  EXPECT_EQ(values(given.batches()), (std::vector<int>{2, 4}));
  ASSERT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[0].item, "<tracked>");
}

struct Look {
  static void describe(Describe<Look>& d) { d.node("look", "Looks."); }
  int operator()(const Tracked& x) const { return x.value; }
};

TEST(Move, AReferenceCopiesNothing) {
  NodeUnderTest<Look> node;
  const abi::BatchPtr batch = make_batch<Tracked>(1, 2);
  Tracked::copies = 0;
  EXPECT_EQ(node.give_batch(batch.share()).out(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(Tracked::copies, 0);
}

struct MayThrow {
  static void describe(Describe<MayThrow>& d) { d.node("may_throw", "Throws."); }
  void operator()(Shown x) const {
    if (x.value == 2) throw std::runtime_error("two");
  }
};

TEST(Move, WhatAFailureWouldShowIsCopiedFirst) {
  NodeUnderTest<MayThrow> node;
  abi::BatchPtr batch = make_batch<Shown>(1, 2);
  Tracked::copies = 0;
  const auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(Tracked::copies, 2);
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].item, "2");
}

struct CannotThrow {
  static void describe(Describe<CannotThrow>& d) { d.node("cannot_throw", "Does not throw."); }
  void operator()(Shown) const noexcept {}
};

TEST(Move, ACallThatCannotThrowIsMovedInto) {
  NodeUnderTest<CannotThrow> node;
  abi::BatchPtr batch = make_batch<Shown>(1, 2);
  Tracked::copies = 0;
  node.give_batch(std::move(batch));
  EXPECT_EQ(Tracked::copies, 0);
}

struct Renew {
  static void describe(Describe<Renew>& d) { d.node("renew", "Moves on."); }
  std::optional<Unique> operator()(Unique x) const {
    if (x.value() == 3) throw std::runtime_error("three");
    if (x.value() == 4) return std::nullopt;
    *x.owned += 10;
    return x;
  }
};

TEST(Move, ATypeThatCannotBeCopiedFlows) {
  NodeUnderTest<Renew> node;
  auto given = node.give(Unique(1), Unique(3), Unique(4), Unique(2));
  std::vector<Unique> out = given.out();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].value(), 11);
  EXPECT_EQ(out[1].value(), 12);
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_EQ(node.type().input->copy, nullptr);
}

struct Peek {
  static void describe(Describe<Peek>& d) { d.node("peek", "Looks."); }
  int operator()(const Unique& x) const { return x.value(); }
};

TEST(Move, ATypeThatCannotBeCopiedMayBeLookedAt) {
  NodeUnderTest<Peek> node;
  EXPECT_EQ(node.give(Unique(1), Unique(2)).out(), (std::vector<std::int64_t>{1, 2}));
}

struct Make {
  static void describe(Describe<Make>& d) { d.node("make", "Makes."); }
  void operator()(int x, Out<Unique>& out) const {
    for (int i = 0; i < x; ++i) out(Unique(i));
  }
};

TEST(Move, AnOutIsMovedInto) {
  NodeUnderTest<Make> node;
  std::vector<Unique> out = node.give(2, 1).out();
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1].value(), 1);
}

struct MoveSlowly {
  static void describe(Describe<MoveSlowly>& d) { d.node("move_slowly", "Waits, then adds one."); }
  Task<Tracked> operator()(Tracked x, Host& host) const {
    co_await host.sleep(std::chrono::seconds(1));
    ++x.value;
    co_return x;
  }
};

TEST(Move, ANodeThatWaitsIsMovedIntoToo) {
  NodeUnderTest<MoveSlowly> node;
  abi::BatchPtr batch = make_batch<Tracked>(1, 2);
  Tracked::copies = 0;
  const auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(Tracked::copies, 0);
  EXPECT_EQ(values(given.batches()), (std::vector<int>{2, 3}));
}

TEST(Move, ANodeThatWaitsCopiesOutOfASharedBatch) {
  NodeUnderTest<MoveSlowly> node;
  const abi::BatchPtr batch = make_batch<Tracked>(1);
  const auto given = node.give_batch(batch.share());
  EXPECT_EQ(values(given.batches()), std::vector<int>{2});
  EXPECT_EQ(batch->column<Tracked>()->value, 1);
}

struct PassSlowly {
  static void describe(Describe<PassSlowly>& d) { d.node("pass_slowly", "Waits."); }
  Task<Unique> operator()(Unique x, Host& host) const {
    co_await host.sleep(std::chrono::seconds(1));
    co_return std::move(x);
  }
};

TEST(Move, ATypeThatCannotBeCopiedMayWait) {
  NodeUnderTest<PassSlowly> node;
  std::vector<Unique> out = node.give(Unique(1), Unique(2)).out();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].value(), 1);
}

}  // namespace
}  // namespace weir::test
