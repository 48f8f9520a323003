#include "view/terminal/columns.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

TEST(Columns, CountsWideAndCombiningCharacters) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("\xe6\xbc\xa2\xe5\xad\x97"), 4U);  // two ideographs
  EXPECT_EQ(columns("e\xcc\x81"), 1U);                 // e with a combining acute
  EXPECT_EQ(columns("\xf0\x9f\x98\x80"), 2U);          // an emoji
  EXPECT_EQ(columns("\xc3\xa9\xe2\x80\xa6"), 2U);      // é and …
}

TEST(Columns, CutsAtAColumn) {
  EXPECT_EQ(fitted("abcdef", 6), "abcdef");
  EXPECT_EQ(fitted("abcdef", 5), "abcd…");
  EXPECT_EQ(fitted("\xe6\xbc\xa2\xe5\xad\x97", 3), "\xe6\xbc\xa2…");
  EXPECT_EQ(fitted("\xe6\xbc\xa2\xe5\xad\x97", 2), "…");
  EXPECT_EQ(fitted("abc", 1), "…");
  EXPECT_EQ(fitted("abc", 0), "");
}

TEST(Columns, NeverIsWiderThanItMayBe) {
  for (const char* text : {"a\x1b[31mb", "\xe2\x80\xaexyz", "\xff\xfe", "a\tb\nc"}) {
    for (std::size_t most = 0; most < 12; ++most) {
      EXPECT_LE(columns(fitted(text, most)), most) << text;
      EXPECT_EQ(columns(padded(text, most)), most) << text;
    }
  }
}

}  // namespace
}  // namespace weir::view
