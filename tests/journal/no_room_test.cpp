// The journal when its disk is full.

#include <atomic>
#include <cerrno>
#include <cstring>
#include <sys/mount.h>
#include <unistd.h>

#include "journal/database.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

/// Hands over events until the journal gives up, then some more. Checks that it says so once, and
/// that all it had confirmed is in the database.
void fill_up(const std::filesystem::path& file, const std::string& expected) {
  std::atomic<int> errors{0};
  std::string message;
  std::uint64_t confirmed = 0;
  {
    Journal journal(file, [&](const std::string& error) {
      message = error;
      ++errors;
    });
    constexpr std::uint64_t kFarTooMany = 100'000;
    for (std::uint64_t i = 1; i < kFarTooMany; ++i) {
      journal.started(begun("build", i));
      Ended end = finished("build", i);
      end.output = std::string(1000, 'x');
      journal.ended(end);
      if (!journal.flush()) break;
      confirmed = i;
    }
    journal.started(begun("build", kFarTooMany));
    EXPECT_FALSE(journal.flush());
  }
  EXPECT_EQ(errors, 1);
  EXPECT_NE(message.find(expected), std::string::npos) << message;
  EXPECT_NE(message.find(file.string()), std::string::npos) << message;
  EXPECT_GT(confirmed, 10U);

  const History history = History::load(file);
  for (std::uint64_t i = 1; i <= confirmed; ++i) {
    const Row* row = history.find("build", key(i));
    ASSERT_NE(row, nullptr) << i;
    EXPECT_EQ(row->state, State::done) << i;
  }
  Database database(file, Database::Mode::read);
  Statement check(database, "PRAGMA integrity_check");
  EXPECT_TRUE(check.next());
  EXPECT_EQ(check.text(0), "ok");
}

TEST(JournalWithoutRoom, SaysSoOnceAndStaysValidOnAFullDisk) {
  const Folder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") != 0) {
    GTEST_SKIP() << "a disk of 1 MiB can't be mounted: " << std::strerror(errno);
  }
  fill_up(folder / "run.db", "full");
  EXPECT_EQ(umount(folder.path().c_str()), 0);
}

TEST(JournalWithoutRoom, SaysSoOnceAndStaysValidWhenFilesCanNotGrow) {
  const Folder folder;
  const LowerLimit limit(RLIMIT_FSIZE, 500'000);
  fill_up(folder / "run.db", "disk I/O error (File too large)");
}

}  // namespace
}  // namespace weir::journal::test
