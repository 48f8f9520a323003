#include "view/terminal/shown_line.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "view/terminal/spill.hpp"

namespace weir::view {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::vector<std::string>& pieces) {
  Lines lines;
  LineSplitter splitter;
  const auto add = [&](std::string_view line) { lines.emplace_back(line); };
  for (const std::string& piece : pieces) splitter.feed(piece, add);
  splitter.finish(add);
  return lines;
}

TEST(ShownLine, KeepsColoursOnlyWhereTheyAreWanted) {
  const std::string line = "a \x1b[1;31mred\x1b[m b";
  EXPECT_EQ(shown_line(line, true), line + "\x1b[0m");
  EXPECT_EQ(shown_line(line, false), "a red b");
}

TEST(ShownLine, MakesEverythingElseHarmless) {
  EXPECT_EQ(shown_line("\x1b[2J\x1b]0;t\x07\x1b[?1049h", true),
            "\\x1b[2J\\x1b]0;t\\x07\\x1b[?1049h");
  EXPECT_EQ(shown_line("\x1b[31", true), "\\x1b[31");
  EXPECT_EQ(shown_line("\x1b", true), "\\x1b");
  EXPECT_EQ(shown_line("\xe2\x80\xae"
                       "a\tb",
                       true),
            "\\xe2\\x80\\xae"
            "a\tb");
}

TEST(ShownLine, IsCutWithoutItsColoursCounted) {
  EXPECT_EQ(shown_line("a\x1b[31mbcd", false, 3), "abc…");
  EXPECT_EQ(shown_line("a\x1b[31mbcd", true, 3), "a\x1b[31mbc…\x1b[0m");
  EXPECT_EQ(shown_line("a\x1b[31mbc\x1b[m", true, 3), "a\x1b[31mbc\x1b[m\x1b[0m");
  EXPECT_EQ(shown_line("é\x1b[2J", true, 1), "é…");
}

TEST(LineSplitter, FindsTheSameLinesHoweverTheTextIsCut) {
  const std::string text = "one\r\ntwo\n\n10%\r20%\r30%\nlast";
  const Lines whole = split({text});
  EXPECT_EQ(whole, (Lines{"one", "two", "", "30%", "last"}));
  for (std::size_t at = 0; at <= text.size(); ++at) {
    EXPECT_EQ(split({text.substr(0, at), text.substr(at)}), whole) << at;
  }
}

TEST(LineSplitter, CutsWhatIsVeryLong) {
  const Lines lines = split({std::string(LineSplitter::kLongest * 2 + 3, 'x')});
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2], "xxx");
}

TEST(Spill, GivesBackWhatWentToTheFileToo) {
  std::string text;
  Spill spill;
  for (int i = 0; i < 40'000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    text += line;
    spill.write(line);
  }
  std::string read;
  for (std::string piece = spill.read(); !piece.empty(); piece = spill.read()) {
    EXPECT_LE(piece.size(), Spill::kInMemory);
    read += piece;
  }
  EXPECT_EQ(spill.lost(), 0U);
  EXPECT_TRUE(read == text);
}

}  // namespace
}  // namespace weir::view
