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

TEST(Harmless, KeepsLinesAndTabs) { EXPECT_EQ(harmless("größer\tb\nc\n"), "größer\tb\nc\n"); }
TEST(Harmless, ShowsTheRestEscaped) {
  EXPECT_EQ(harmless("a\x1b]0;title\x07\r\n\xff\u202E"),
            "a\\x1b]0;title\\x07\\x0d\n\\xff\\xe2\\x80\\xae");
}

TEST(WholeSequences, LeavesOutWhatIsNotComplete) {
  for (const std::string sequence : {"a", "ä", "東", "😀"}) {
    const std::string text = "x" + sequence;
    EXPECT_EQ(whole_sequences(text), text.size());
    for (std::size_t size = 2; size < text.size(); ++size) {
      EXPECT_EQ(whole_sequences(text.substr(0, size)), 1U) << size;
    }
  }
  EXPECT_EQ(whole_sequences(""), 0U);
}
TEST(WholeSequences, DoesNotWaitForWhatIsNoSequence) {
  EXPECT_EQ(whole_sequences("a\x80\x80\x80\x80"), 5U);
  EXPECT_EQ(whole_sequences("\x80"), 1U);
}

TEST(ShortTime, ChoosesItsUnit) {
  EXPECT_EQ(short_time(0.00042), "0.4ms");
  EXPECT_EQ(short_time(0.0994), "99.4ms");
  EXPECT_EQ(short_time(3.14), "3.1s");
  EXPECT_EQ(short_time(125), "2m05s");
  EXPECT_EQ(short_time(3725), "1h02m");
}

TEST(ShortSize, ChoosesItsUnit) {
  EXPECT_EQ(short_size(0), "0B");
  EXPECT_EQ(short_size(1023), "1023B");
  EXPECT_EQ(short_size(1536), "1.5KiB");
  EXPECT_EQ(short_size(16 << 20), "16MiB");
  EXPECT_EQ(short_size(std::int64_t{13} << 29), "6.5GiB");
}

TEST(OneLine, WhatSaysMostAtItsEndIsCutInTheMiddle) {
  EXPECT_EQ(one_line_with_end("`make` failed", 20), "`make` failed");
  EXPECT_EQ(one_line_with_end("0123456789", 5), "01…789");
  EXPECT_EQ(one_line_with_end("ä\n\x01öü\nß", 4), "ä\\n…\\nß");
}

}  // namespace
}  // namespace weir::view
