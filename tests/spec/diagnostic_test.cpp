/// How diagnostics are shown. What is in them is in the golden files.

#include "spec/diagnostic.hpp"

#include <gtest/gtest.h>

namespace weir::spec {
namespace {

TEST(Diagnostics, AreShownInTheOrderOfTheirPlacesThoseWithoutFirst) {
  Diagnostics diagnostics;
  diagnostics.error({2, 3, 2}, "second");
  diagnostics.warning({1, 1, 1}, "first");
  diagnostics.error({}, "the file");
  EXPECT_EQ(diagnostics.render({"a.yaml", "one\ntwo three\n"}),
            "a.yaml: error: the file\n"
            "a.yaml:1:1: warning: first\n"
            "  1 | one\n"
            "    | ^\n"
            "a.yaml:2:3: error: second\n"
            "  2 | two three\n"
            "    |   ^~\n");
}

TEST(Diagnostics, AreShownOnce) {
  Diagnostics diagnostics;
  for (int i = 0; i < 3; ++i) diagnostics.error({}, "again");
  EXPECT_EQ(diagnostics.render({"a.yaml", ""}), "a.yaml: error: again\n");
  EXPECT_EQ(diagnostics.all().size(), 3U);
}

TEST(Diagnostics, LeaveOutLinesThatAMaskWouldChange) {
  Diagnostics diagnostics;
  diagnostics.error({1, 1, 1}, "bad b");
  diagnostics.error({2, 1, 1}, "good");
  const auto mask = [](std::string_view text) {
    std::string shown(text);
    const std::size_t at = shown.find("bad");
    return at == shown.npos ? shown : shown.replace(at, 3, "***");
  };
  EXPECT_EQ(diagnostics.render({"a.yaml", "x: bad\ny\n"}, mask),
            "a.yaml:1:1: error: *** b\n"
            "a.yaml:2:1: error: good\n"
            "  2 | y\n"
            "    | ^\n");
}

TEST(Diagnostics, TellWarningsFromErrors) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "careful");
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.error({}, "wrong");
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, ShowATabAsOneSpace) {
  Diagnostics diagnostics;
  diagnostics.error({1, 3, 1}, "here");
  EXPECT_EQ(diagnostics.render({"a.yaml", "\t\tx\n"}),
            "a.yaml:1:3: error: here\n"
            "  1 |   x\n"
            "    |   ^\n");
}

TEST(Diagnostics, EscapeWhatCouldUpsetATerminal) {
  Diagnostics diagnostics;
  diagnostics.error({1, 2, 1}, "a \x1b[31m b\n c");
  EXPECT_EQ(diagnostics.render({"\x07.yaml",
                                "\x1b"
                                "x\x7f\xff\n"}),
            "\\x07.yaml:1:2: error: a \\x1b[31m b\\n c\n"
            "  1 | \\x1bx\\x7f\\xff\n"
            "    |     ^\n");
}

TEST(Diagnostics, EscapeWhatTurnsTheTextAround) {
  Diagnostics diagnostics;
  diagnostics.error({1, 1, 3}, "here");
  EXPECT_EQ(diagnostics.render({"a.yaml", "a\u202eb"}),
            "a.yaml:1:1: error: here\n"
            "  1 | a\\u202eb\n"
            "    | ^~~~~~~~\n");
}

TEST(Diagnostics, EndACaretWithItsLine) {
  Diagnostics diagnostics;
  diagnostics.error({1, 3, 100}, "here");
  diagnostics.error({1, 100, 1}, "behind");
  EXPECT_EQ(diagnostics.render({"a.yaml", "abcd\r\nefgh\r\n"}),
            "a.yaml:1:3: error: here\n"
            "  1 | abcd\n"
            "    |   ^~\n"
            "a.yaml:1:100: error: behind\n"
            "  1 | abcd\n"
            "    |     ^\n");
}

TEST(Diagnostics, CutALongLineAroundTheCaret) {
  Diagnostics diagnostics;
  diagnostics.error({1, 500, 3}, "here");
  const std::string rendered =
      diagnostics.render({"a.yaml", std::string(499, 'a') + "bcd" + std::string(500, 'e')});
  EXPECT_EQ(rendered,
            "a.yaml:1:500: error: here\n"
            "  1 | …" +
                std::string(50, 'a') + "bcd" + std::string(47, 'e') + "…\n" + "    | " +
                std::string(51, ' ') + "^~~\n");
}

TEST(Diagnostics, WithoutThatLineShowOnlyTheMessage) {
  Diagnostics diagnostics;
  diagnostics.error({7, 1, 1}, "here");
  EXPECT_EQ(diagnostics.render({"a.yaml", "one\n"}), "a.yaml:7:1: error: here\n");
}

}  // namespace
}  // namespace weir::spec
