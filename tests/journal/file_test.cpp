#include "journal/file.hpp"

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/error.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

namespace fs = std::filesystem;

TEST(ReplaceFile, LeavesNothingBesideIt) {
  const Folder folder;
  EXPECT_EQ(replace_file(folder / "a", "one"), "");
  EXPECT_EQ(replace_file(folder / "a", "two"), "");
  EXPECT_EQ(read_file(folder / "a"), "two");
  EXPECT_FALSE(fs::exists(folder / "a.part"));
}

TEST(ReadEnd, GivesTheLastBytesOrAll) {
  const Folder folder;
  EXPECT_EQ(replace_file(folder / "a", "one two"), "");
  EXPECT_EQ(read_end(folder / "a", 3), "two");
  EXPECT_EQ(read_end(folder / "a", 7), "one two");
  EXPECT_EQ(read_end(folder / "a", 100), "one two");
  EXPECT_THROW(read_end(folder / "b", 3), Error);
  EXPECT_THROW(read_end(folder / ".", 3), Error);
}

TEST(ReplaceFile, MakesItWithTheMode) {
  const Folder folder;
  EXPECT_EQ(replace_file(folder / "a", "secret", 0600), "");
  EXPECT_EQ(fs::status(folder / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ReplaceFile, ReplacesWhatALinkLeadsTo) {
  const Folder folder;
  EXPECT_EQ(replace_file(folder / "real", "one"), "");
  fs::create_symlink("real", folder / "link");
  EXPECT_EQ(replace_file(folder / "link", "two"), "");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "real"), "two");
}

TEST(ReplaceFile, WritesIntoWhatIsNoFile) {
  EXPECT_EQ(replace_file("/dev/null", "text"), "");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(ReplaceFile, WritesIntoAPipeThatALinkLeadsTo) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Folder folder;
  fs::create_symlink("/proc/self/fd/" + std::to_string(ends[1]), folder / "link");
  EXPECT_EQ(replace_file(folder / "link", "text"), "");
  char text[5] = "";
  EXPECT_EQ(read(ends[0], text, 4), 4);
  EXPECT_STREQ(text, "text");
  close(ends[0]);
  close(ends[1]);
}

TEST(ReplaceFile, SaysWhatWentWrongAndLeavesTheOldOne) {
  const Folder folder;
  EXPECT_EQ(replace_file("/no/such/folder/a", "text"),
            "can't write '/no/such/folder/a.part': No such file or directory");
  EXPECT_EQ(replace_file(folder / "a", "old"), "");
  {
    const LowerLimit limit(RLIMIT_FSIZE, 100);
    EXPECT_EQ(replace_file(folder / "a", std::string(1000, 'x')),
              "can't write '" + (folder / "a.part").string() + "': File too large");
  }
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_FALSE(fs::exists(folder / "a.part"));
}

TEST(ReadFile, ThrowsWhatCanNotBeRead) { EXPECT_THROW(read_file("/no/such/file"), Error); }

}  // namespace
}  // namespace weir::journal::test
