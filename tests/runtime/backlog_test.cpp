#include "runtime/backlog.hpp"

#include <gtest/gtest.h>

#include <weir/batch.hpp>

namespace weir::runtime {
namespace {

/// Batches that only have a count: a backlog looks at nothing else.
class BacklogTest : public testing::Test {
 protected:
  void put(std::uint32_t items) {
    batches_.emplace_back().count = items;
    backlog_.put({{&batches_.back(), nullptr, 0}, 0});
  }
  /// The items of the entry that is taken; 0: none is.
  std::uint32_t take(bool goes_on = false) {
    Backlog::Entry entry;
    return backlog_.take(entry, goes_on) ? entry.message.batch->count : 0;
  }
  void enter(std::int64_t items) {
    for (std::int64_t i = 0; i < items; ++i) backlog_.enters();
  }

  Backlog backlog_;

 private:
  std::deque<abi::Batch> batches_;
};

TEST_F(BacklogTest, GivesOutWholeBatchesInTheirOrderWhileTheLineIsShort) {
  put(3);
  put(5);
  EXPECT_EQ(backlog_.items(), 8);
  EXPECT_EQ(take(), 3U);
  EXPECT_EQ(take(true), 5U);
  EXPECT_EQ(take(true), 0U);
  EXPECT_EQ(backlog_.items(), 0);
}

TEST_F(BacklogTest, KeepsBatchesWholeWhileTheLineIsLong) {
  enter(Backlog::kMostInLine);
  put(3);
  EXPECT_EQ(take(), 0U);
  EXPECT_EQ(backlog_.items(), 3);
  // It says once more than half of the line has gone that there is room.
  int left = 1;
  while (!backlog_.leaves()) ++left;
  EXPECT_EQ(left, Backlog::kMostInLine / 2);
  EXPECT_EQ(take(), 3U);
}

TEST_F(BacklogTest, IsTakenFromByOneThreadAtATime) {
  put(1);
  put(2);
  EXPECT_EQ(take(), 1U);
  EXPECT_EQ(take(), 0U);  // another thread, while the first one enters what it has taken
  enter(1);
  EXPECT_FALSE(backlog_.leaves());
  EXPECT_EQ(take(true), 2U);
  EXPECT_EQ(take(true), 0U);
  put(4);
  EXPECT_EQ(take(), 4U);
}

}  // namespace
}  // namespace weir::runtime
