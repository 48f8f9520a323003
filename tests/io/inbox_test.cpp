#include "io/inbox.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

TEST(Inbox, SaysWhenItsReaderHasToBeWoken) {
  Inbox<int> inbox;
  EXPECT_TRUE(inbox.empty());
  EXPECT_TRUE(inbox.put(1));
  EXPECT_FALSE(inbox.put(2));
  std::vector<int> taken;
  inbox.take(taken);
  EXPECT_EQ(taken, (std::vector{1, 2}));
  EXPECT_TRUE(inbox.empty());
  EXPECT_TRUE(inbox.put(3));
}

}  // namespace
}  // namespace weir::io
