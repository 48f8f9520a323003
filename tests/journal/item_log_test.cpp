#include "journal/item_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "journal/run_directory.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

namespace fs = std::filesystem;

const Secrets kNone;

TEST(ItemLog, MakesNoFileForNothing) {
  const Folder folder;
  ItemLog log(folder / "logs/build/1.out", kNone);
  EXPECT_FALSE(log.write(""));
  EXPECT_FALSE(log.close());
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ItemLog, KeepsWhatIsWrittenForItsOwnerOnly) {
  const Folder folder;
  ItemLog log(folder / "logs/build/1.out", kNone);
  EXPECT_FALSE(log.write("one\n"));
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "one\n");  // at once
  EXPECT_FALSE(log.write("two"));
  EXPECT_FALSE(log.close());
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "one\ntwo");
  EXPECT_EQ(fs::status(folder / "logs/build/1.out").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ItemLog, MasksSecretsThatComeInPieces) {
  const Folder folder;
  const Secrets secrets({"hunter2"});
  ItemLog log(folder / "logs/build/1.out", secrets);
  EXPECT_FALSE(log.write("password: hun"));
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "password: ");
  EXPECT_FALSE(log.write("ter2\nhun"));
  EXPECT_FALSE(log.close());
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "password: ***\nhun");
}

TEST(ItemLog, PutsEachAttemptBehindTheOneBefore) {
  const Folder folder;
  for (std::int64_t attempt = 1; attempt <= 3; ++attempt) {
    ItemLog log(folder / "logs/build/1.out", kNone, attempt);
    const char* written[] = {"half a line", "", "good\n"};
    EXPECT_FALSE(log.write(written[attempt - 1]));
    EXPECT_FALSE(log.close());
  }
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "half a line\n--- attempt 3 ---\ngood\n");
}

TEST(ItemLog, CanTryAgainWhenDescriptorsRanOut) {
  const Folder folder;
  ItemLog log(folder / "logs/build/1.out", kNone);
  {
    const int lowest = dup(STDERR_FILENO);
    close(lowest);
    const LowerLimit limit(RLIMIT_NOFILE, static_cast<rlim_t>(lowest));
    const LogError error = log.write("text");
    EXPECT_TRUE(error);
    EXPECT_TRUE(error.is_exhausted);
    EXPECT_EQ(error.message,
              "can't open '" + (folder / "logs/build/1.out").string() + "': Too many open files");
  }
  EXPECT_FALSE(log.write("text"));
  EXPECT_FALSE(log.close());
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "text");
}

TEST(ItemLog, SaysWhenItCanNotBeWrittenAndTakesNoMore) {
  const Folder folder;
  ItemLog log(folder / "logs/build/1.out", kNone);
  const std::string message = "can't write '" + (folder / "logs/build/1.out").string() +
                              "': File too large; the rest of this log is lost";
  {
    const LowerLimit limit(RLIMIT_FSIZE, 10);
    const LogError error = log.write("more than ten bytes");
    EXPECT_EQ(error.message, message);
    EXPECT_FALSE(error.is_exhausted);
  }
  EXPECT_EQ(log.write("more").message, message);
  EXPECT_EQ(log.close().message, message);
  EXPECT_EQ(read_file(folder / "logs/build/1.out"), "more than ");
}

TEST(ItemLog, SaysWhenItsFolderCanNotBeMade) {
  ItemLog log("/dev/null/logs/build/1.out", kNone);
  EXPECT_EQ(log.write("text").message,
            "can't write '/dev/null/logs/build/1.out': Not a directory; the rest of this log "
            "is lost");
}

TEST(LogFolder, IsTheNodesNameIfThatFits) {
  EXPECT_EQ(log_folder("build"), "build");
  EXPECT_EQ(log_folder("_a-B.9"), "_a-B.9");
  EXPECT_EQ(log_folder("../up"), "%2E.%2Fup");
  EXPECT_EQ(log_folder("ä"), "%C3%A4");
  EXPECT_EQ(log_folder("100%"), "100%25");
  EXPECT_EQ(log_folder(""), "%");
}

TEST(LogFolder, OfLongNamesAreShortAndDiffer) {
  const std::string one = log_folder(std::string(300, 'a') + "1");
  const std::string two = log_folder(std::string(300, 'a') + "2");
  EXPECT_LE(one.size(), 200U);
  EXPECT_NE(one, two);
}

}  // namespace
}  // namespace weir::journal::test
