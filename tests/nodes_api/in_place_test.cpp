/// A node that is alone with a batch works in place; one that shares it leaves it as it is.

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

Ints ints(const abi::BatchPtr& batch) {
  const auto* column = batch->column<std::int64_t>();
  return {column, column + batch->count};
}

/// Odd numbers are dropped, negative ones fail, the others are made ten times as large.
struct Tens {
  static void describe(Describe<Tens>& d) { d.node("tens", "Times ten."); }
  std::optional<std::int64_t> operator()(std::int64_t x) const {
    if (x < 0) throw std::runtime_error("negative");
    return x % 2 == 0 ? std::optional(10 * x) : std::nullopt;
  }
};

TEST(InPlace, WritesOverTheItemsOfABatchOfItsOwn) {
  NodeUnderTest<Tens> node;
  abi::BatchPtr batch = make_batch<std::int64_t>(2, 3, -4, 5, 6);
  const abi::Batch* const same = batch.get();
  auto given = node.give_batch(std::move(batch));
  ASSERT_EQ(given.batches().size(), 1u);
  EXPECT_EQ(given.batches()[0].get(), same);
  EXPECT_EQ(given.out(), (Ints{20, 60}));
  EXPECT_EQ(given.done(), 4u);
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].item, "-4");
}

TEST(InPlace, LeavesASharedBatchAlone) {
  NodeUnderTest<Tens> node;
  abi::BatchPtr batch = make_batch<std::int64_t>(2, 3, -4, 5, 6);
  auto given = node.give_batch(batch.share());
  EXPECT_EQ(given.out(), (Ints{20, 60}));
  EXPECT_EQ(ints(batch), (Ints{2, 3, -4, 5, 6}));
  EXPECT_NE(given.batches()[0].get(), batch.get());
  EXPECT_TRUE(batch->alone());
}

/// The same over values that own memory.
struct Wrap {
  static void describe(Describe<Wrap>& d) { d.node("wrap", "Wraps."); }
  std::optional<Record> operator()(const Record& record) const {
    if (record.at("n") < 0) throw std::runtime_error("negative");
    if (record["n"] == 0) return std::nullopt;
    return Record{{"was", record}};
  }
};

TEST(InPlace, ValuesThatOwnMemory) {
  const Record one = {{"n", 1}}, none = {{"n", 0}}, less = {{"n", -1}};
  for (const bool shared : {false, true}) {
    NodeUnderTest<Wrap> node;
    abi::BatchPtr batch = make_batch<Record>(less, one, none, one, less, Record::object());
    const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
    auto given = node.give_batch(std::move(batch));
    EXPECT_EQ(given.texts(), (Texts{R"({"was":{"n":1}})", R"({"was":{"n":1}})"}));
    ASSERT_EQ(given.failed(), 3u);
    EXPECT_EQ(given.failures()[0].item, R"({"n":-1})");
    EXPECT_EQ(given.failures()[2].item, "{}");
    if (shared) {
      EXPECT_EQ(*other->column<Record>(), less);
    }
  }
}

struct None {
  static void describe(Describe<None>& d) { d.node("none", "Drops all."); }
  std::optional<Record> operator()(const Record&) const { return std::nullopt; }
};

TEST(InPlace, NothingLeftGivesNoBatch) {
  NodeUnderTest<None> node;
  EXPECT_TRUE(node.give(Record{{"a", 1}}, Record{{"b", 2}}).batches().empty());
}

TEST(InPlace, KeepsTheOriginOfItsBatch) {
  NodeUnderTest<Tens> node;
  for (const bool shared : {false, true}) {
    abi::BatchPtr batch = make_batch<std::int64_t>(2, 4);
    batch->origin = 77;
    const abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
    EXPECT_EQ(node.give_batch(std::move(batch)).batches()[0]->origin, 77u);
  }
}

/// A ticket that says whether it went back.
struct CountedTicket : abi::Ticket {
  CountedTicket() {
    returned = [](abi::Ticket* ticket) noexcept {
      static_cast<CountedTicket*>(ticket)->back = true;
    };
  }
  bool back = false;
};

TEST(InPlace, AllThatComesOfABatchSharesItsTicket) {
  for (const bool shared : {false, true}) {
    NodeUnderTest<Tens> node;
    CountedTicket ticket;
    abi::BatchPtr batch = make_batch<std::int64_t>(2, -1, 4);
    batch->ticket = &ticket;
    {
      abi::BatchPtr other = shared ? batch.share() : abi::BatchPtr();
      auto given = node.give_batch(std::move(batch));
      other = {};
      EXPECT_EQ(given.batches()[0]->ticket, &ticket);
      EXPECT_FALSE(ticket.back);
    }
    EXPECT_TRUE(ticket.back);
  }
}

}  // namespace
}  // namespace weir::test
