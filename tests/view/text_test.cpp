#include "view/text.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

TEST(OneLine, LeavesPlainTextAndUtf8Alone) {
  EXPECT_EQ(one_line("nginx – größer 東京", 80), "nginx – größer 東京");
}
TEST(OneLine, ShowsControlCharactersEscaped) {
  EXPECT_EQ(one_line("a\nb\tc\x1b[31md\x7f", 80), "a\\nb\\tc\\x1b[31md\\x7f");
}
TEST(OneLine, ShowsBytesThatAreNotUtf8Escaped) {
  EXPECT_EQ(one_line("a\xff\xc3(\xe2\x82", 80), "a\\xff\\xc3(\\xe2\\x82");
}
TEST(OneLine, ShowsEscapedWhatTurnsTheDirectionOfWriting) {
  EXPECT_EQ(one_line("\u202Eexe", 80), "\\xe2\\x80\\xaeexe");
}
TEST(OneLine, CutsByCodePoints) {
  EXPECT_EQ(one_line("größer", 3), "grö…");
  EXPECT_EQ(one_line("größer", 6), "größer");
}

TEST(ShortTime, ChoosesItsUnit) {
  EXPECT_EQ(short_time(0.00042), "0.4ms");
  EXPECT_EQ(short_time(0.0994), "99.4ms");
  EXPECT_EQ(short_time(3.14), "3.1s");
  EXPECT_EQ(short_time(125), "2m05s");
  EXPECT_EQ(short_time(3725), "1h02m");
}

}  // namespace
}  // namespace weir::view
