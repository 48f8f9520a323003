#include "data/batches.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

/// Counts how many of it are alive, and whether it was copied.
struct Tracked {
  explicit Tracked(int value_) : value(value_) { ++alive; }
  Tracked(const Tracked& other) : value(other.value) {
    if (throw_on_copy == value) throw std::runtime_error("copy");
    ++alive;
    ++copies;
  }
  Tracked(Tracked&& other) noexcept : value(other.value) { ++alive; }
  Tracked& operator=(const Tracked&) = delete;
  Tracked& operator=(Tracked&&) = delete;
  ~Tracked() { --alive; }

  int value;
  static inline int alive = 0;
  static inline int copies = 0;
  static inline int throw_on_copy = -1;
};
WEIR_TYPE(Tracked, "tracked");

namespace weir::data {
namespace {

using abi::Batch;
using abi::BatchPtr;

/// Says when its last reference is gone.
struct TestTicket : abi::Ticket {
  TestTicket() {
    returned = [](abi::Ticket* self) noexcept { static_cast<TestTicket*>(self)->back = true; };
  }
  bool back = false;
};

class Batches : public ::testing::Test {
 protected:
  void SetUp() override {
    Tracked::alive = Tracked::copies = 0;
    Tracked::throw_on_copy = -1;
  }
  void TearDown() override { EXPECT_EQ(Tracked::alive, 0); }

  BatchPtr tracked(int count) {
    BatchPtr batch(Batch::make(&abi::type_info<Tracked>, static_cast<std::size_t>(count)));
    for (int i = 0; i < count; ++i) {
      ::new (batch->item(batch->count)) Tracked(i);
      ++batch->count;
    }
    batch->ticket = &ticket_;
    batch->origin = 100;
    return batch;
  }

  static std::vector<int> values(const Batch& batch) {
    std::vector<int> all;
    for (std::uint32_t i = 0; i < batch.count; ++i) all.push_back(batch.column<Tracked>()[i].value);
    return all;
  }

  TestTicket ticket_;
};

TEST_F(Batches, OneByOneMovesTheItemsOfABatchThatNobodyElseHolds) {
  std::vector<int> seen;
  std::vector<std::uint64_t> origins;
  in_pieces(tracked(3), 1, [&](BatchPtr single) {
    ASSERT_EQ(single->count, 1U);
    seen.push_back(values(*single)[0]);
    origins.push_back(single->origin);
    EXPECT_FALSE(ticket_.back);
  });
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(origins, (std::vector<std::uint64_t>{100, 100, 100}));
  EXPECT_EQ(Tracked::copies, 0);
  EXPECT_TRUE(ticket_.back);
}

TEST_F(Batches, OneByOneCopiesTheItemsOfASharedBatch) {
  BatchPtr batch = tracked(3);
  int singles = 0;
  in_pieces(batch.share(), 1, [&](BatchPtr) { ++singles; });
  EXPECT_EQ(singles, 3);
  EXPECT_EQ(Tracked::copies, 3);
  EXPECT_EQ(values(*batch), (std::vector<int>{0, 1, 2}));
}

TEST_F(Batches, OneByOneLosesNothingWhenACopyThrows) {
  BatchPtr batch = tracked(3);
  Tracked::throw_on_copy = 2;
  EXPECT_THROW(in_pieces(batch.share(), 1, [](BatchPtr) { FAIL(); }), std::runtime_error);
  EXPECT_EQ(values(*batch), (std::vector<int>{0, 1, 2}));
}

TEST_F(Batches, SplitOffMovesTheRestOut) {
  BatchPtr batch = tracked(5);
  const BatchPtr rest = split_off(*batch, 2);
  EXPECT_EQ(values(*batch), (std::vector<int>{0, 1}));
  EXPECT_EQ(values(*rest), (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(rest->origin, 100U);
  EXPECT_EQ(Tracked::copies, 0);
}

TEST_F(Batches, SplitOffLeavesASharedBatchAsItIs) {
  BatchPtr batch = tracked(5);
  const BatchPtr other = batch.share();
  const BatchPtr rest = split_off(*batch, 2);
  EXPECT_EQ(values(*batch).size(), 5U);
  EXPECT_EQ(values(*rest), (std::vector<int>{2, 3, 4}));
}

TEST_F(Batches, ATicketComesBackWithItsLastBatch) {
  BatchPtr batch = tracked(4);
  BatchPtr rest = split_off(*batch, 1);
  batch = BatchPtr();
  EXPECT_FALSE(ticket_.back);
  rest = BatchPtr();
  EXPECT_TRUE(ticket_.back);
}

TEST(ToText, GivesEachTypeItsText) {
  BatchPtr numbers(Batch::make(&abi::type_info<double>, 3));
  for (const double value : {0.1, -2.0, 1e300}) {
    ::new (numbers->item(numbers->count)) double(value);
    ++numbers->count;
  }
  const BatchPtr texts = to_text(std::move(numbers));
  ASSERT_EQ(texts->count, 3U);
  EXPECT_EQ(texts->column<std::string_view>()[0], "0.1");
  EXPECT_EQ(texts->column<std::string_view>()[1], "-2");
  EXPECT_EQ(texts->column<std::string_view>()[2], "1e+300");
}

TEST(ToText, LeavesTextAlone) {
  BatchPtr batch(Batch::make(&abi::type_info<std::string_view>, 1));
  ::new (batch->items()) std::string_view("x");
  batch->count = 1;
  const Batch* before = batch.get();
  EXPECT_EQ(to_text(std::move(batch)).get(), before);
}

TEST(TextStorage, KeepsViewsValidWhileItGrows) {
  abi::TextStorage storage;
  std::vector<std::string_view> views;
  std::vector<std::string> expected;
  for (int i = 0; i < 2000; ++i) {
    expected.push_back(
        std::string(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26)));
    views.push_back(storage.keep(expected.back()));
  }
  for (std::size_t i = 0; i < views.size(); ++i) EXPECT_EQ(views[i], expected[i]);
}

}  // namespace
}  // namespace weir::data
