#include "runtime/sampler.hpp"

#include <gtest/gtest.h>
#include <set>
#include <vector>

#include "runtime/batch_log.hpp"

namespace weir::test {
namespace {

using runtime::BatchLog;
using runtime::SampleTimes;

TEST(SampleTimes, AreOneBehindTheOtherAtFirst) {
  SampleTimes times(10);
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(times.next(), i);
  EXPECT_EQ(times.step(), 1);
}

TEST(SampleTimes, KeepNoMoreThanSoMany) {
  SampleTimes times(10);
  std::set<std::int64_t> kept;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t tick = times.next();
    std::erase_if(kept, [&](std::int64_t before) { return before % times.step() != 0; });
    EXPECT_EQ(tick % times.step(), 0);
    EXPECT_TRUE(kept.insert(tick).second);
    EXPECT_LE(kept.size(), 11U);
    // Evenly, from the beginning on.
    EXPECT_EQ(*kept.begin(), 0);
    EXPECT_EQ(*kept.rbegin(), static_cast<std::int64_t>(kept.size() - 1) * times.step());
  }
  EXPECT_GT(times.step(), 8);
}

class BatchLogTest : public testing::Test {
 protected:
  BatchLogTest() { plan.nodes.resize(2); }
  BatchLog::Clock::time_point at(std::int64_t microseconds) const {
    return BatchLog::Clock::time_point(std::chrono::microseconds(1'000'000 + microseconds));
  }

  compile::Plan plan;
  BatchLog log{plan};
};

TEST_F(BatchLogTest, NotesOneShortTaskInAMillisecond) {
  for (int i = 0; i < 100; ++i) log.note(plan.nodes[1], 3, at(100 * i), 50'000, 7);
  const std::vector<BatchLog::Span> spans = log.take();
  ASSERT_EQ(spans.size(), 10U);
  EXPECT_EQ(spans[0].node, 1U);
  EXPECT_EQ(spans[0].worker, 3U);
  EXPECT_EQ(spans[0].busy_ns, 50'000);
  EXPECT_EQ(spans[0].items, 7U);
  EXPECT_EQ(spans[1].began, at(1000));
  EXPECT_TRUE(log.take().empty());
}

TEST_F(BatchLogTest, NotesEveryLongTask) {
  for (int i = 0; i < 10; ++i) log.note(plan.nodes[0], 0, at(i), 2'000'000, 1);
  EXPECT_EQ(log.take().size(), 10U);
}

TEST_F(BatchLogTest, HasRoomForAThousandThatNobodyTakes) {
  for (int i = 0; i < 5000; ++i) log.note(plan.nodes[0], 0, at(i), 2'000'000, 1);
  EXPECT_EQ(log.take().size(), 1000U);
}

}  // namespace
}  // namespace weir::test
