#include "io/event_feed.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

using namespace std::chrono_literals;

EventFeed::Text text(const char* of) { return std::make_shared<const std::string>(of); }

class EventFeedTest : public testing::Test {
 protected:
  const EventFeed::Time begin{1h};
  EventFeed feed;
  int one = 0, other = 0;
};

TEST_F(EventFeedTest, GivesEachEventAtOnceToWhoIsReady) {
  feed.add(&one, begin)->is_busy = false;
  EXPECT_EQ(feed.next(), std::nullopt);
  feed.publish(text("a"));
  EXPECT_EQ(feed.next(), begin + 250ms);
  EXPECT_EQ(feed.take_due(begin + 249ms), std::vector<void*>());
  EXPECT_EQ(feed.take_due(begin + 250ms), std::vector<void*>{&one});
  EXPECT_EQ(feed.next(), std::nullopt);
}

TEST_F(EventFeedTest, GivesAtMostFourASecondHoweverManyCome) {
  const EventFeed::Handle listener = feed.add(&one, begin);
  listener->is_busy = false;
  int given = 0;
  for (int i = 0; i < 10'000; ++i) {  // one a millisecond
    feed.publish(text("x"));
    for (void* who : feed.take_due(begin + std::chrono::milliseconds(i))) {
      EXPECT_EQ(who, &one);
      listener->is_busy = false;
      ++given;
    }
  }
  EXPECT_EQ(given, 39);
}

TEST_F(EventFeedTest, GivesWhoIsSlowOnlyTheNewest) {
  const EventFeed::Handle slow = feed.add(&one, begin);
  feed.add(&other, begin)->is_busy = false;
  for (int i = 1; i <= 8; ++i) {
    feed.publish(text("x"));
    const auto due = feed.take_due(begin + i * 250ms);
    EXPECT_EQ(due, i == 1 ? std::vector<void*>{&other} : std::vector<void*>());  // busy from then
  }
  slow->is_busy = false;
  EXPECT_EQ(feed.take_due(begin + 3s), std::vector<void*>{&one});
  slow->is_busy = false;
  EXPECT_EQ(feed.take_due(begin + 4s), std::vector<void*>());
  EXPECT_EQ(slow->seen, 8U);
}

TEST_F(EventFeedTest, GivesManyListenersFewerButTwoASecond) {
  for (int i = 0; i < 200; ++i) feed.add(&one, begin)->is_busy = false;
  EXPECT_EQ(feed.interval(), 400ms);
  for (int i = 0; i < 2000; ++i) feed.add(&one, begin);
  EXPECT_LT(feed.interval(), 500ms);
}

TEST_F(EventFeedTest, FindsThoseThatHaveHeardNothingForLong) {
  feed.add(&one, begin)->is_busy = false;
  feed.add(&other, begin + 1s)->is_busy = false;
  EXPECT_EQ(feed.take_silent(begin + 14s), std::vector<void*>());
  EXPECT_EQ(feed.take_silent(begin + 15s), std::vector<void*>{&one});
  EXPECT_EQ(feed.take_silent(begin + 15s), std::vector<void*>());
}

}  // namespace
}  // namespace weir::io
