// What is left of a run that is killed.

#include <algorithm>
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/database.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

/// Writes events until it is killed, and how many items have ended into the pipe.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, int pipe,
                                     std::uint64_t first, std::uint32_t seed) {
  std::mt19937 random(seed);
  Journal journal(file, [](const std::string&) { _exit(9); });
  for (std::uint64_t i = first;; ++i) {
    journal.started(begun("build", i));
    Ended end = finished("build", i);
    end.output = std::string(random() % 3000, 'x');
    journal.ended(end);
    if (random() % 8 == 0 && !journal.flush()) _exit(9);
    if (write(pipe, &i, sizeof i) != sizeof i) _exit(9);
  }
}

TEST(JournalOfAKilledProcess, HasAllThatHasEnded) {
  for (int seed = 1; seed <= seeds(30); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    const Folder folder;
    const std::filesystem::path file = folder / "run.db";
    std::uint64_t safe = 0;
    for (int life = 1; life <= 3; ++life) {  // each goes on with what the one before has left
      int ends[2];
      ASSERT_EQ(pipe(ends), 0);
      const pid_t child = fork();
      if (child == 0) {
        close(ends[0]);
        write_until_killed(file, ends[1], safe + 1, static_cast<std::uint32_t>(seed));
      }
      close(ends[1]);
      const auto read_one = [&] { return read(ends[0], &safe, sizeof safe) == sizeof safe; };
      for (auto more = random() % 100; more > 0 && read_one(); --more) {
      }
      kill(child, SIGKILL);
      while (read_one()) {  // what it had said before it died
      }
      close(ends[0]);
      int status = 0;
      waitpid(child, &status, 0);
      ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);

      if (safe == 0) continue;                      // it may not even have made the file
      if (life < 3 && random() % 2 == 0) continue;  // left for the next one to recover
      const History history = History::load(file);
      for (std::uint64_t i = 1; i <= safe; ++i) {
        const Row* row = history.find("build", key(i));
        ASSERT_NE(row, nullptr) << i;
        ASSERT_EQ(row->state, State::done) << i;
        ASSERT_TRUE(row->has_output) << i;
      }
      Database database(file, Database::Mode::read);
      Statement check(database, "PRAGMA integrity_check");
      ASSERT_TRUE(check.next());
      ASSERT_EQ(check.text(0), "ok");
    }
  }
}

}  // namespace
}  // namespace weir::journal::test
