#include "journal/journal.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "journal/database.hpp"
#include "journal/error.hpp"
#include "journal/history.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

class JournalTest : public testing::Test {
 protected:
  const Row& row(const std::string& node, std::uint64_t number) {
    history_ = History::load(file);
    const Row* row = history_.find(node, key(number));
    if (row == nullptr) throw std::runtime_error("there is no such row");
    return *row;
  }
  /// A row of `attempts`, as text.
  std::vector<std::string> attempts() {
    Database database(file, Database::Mode::read);
    Statement all(database,
                  "SELECT attempt || ' ' || queued_ns || ' ' || attempts.started_ns || ' ' || "
                  "ifnull(attempts.ended_ns, '-') || ' ' || attempts.state || ' ' || "
                  "ifnull(attempts.status, '-') || ' ' || "
                  "ifnull(attempts.error, '-') FROM attempts JOIN items USING(node, key) "
                  "ORDER BY node, seq, attempt");
    std::vector<std::string> rows;
    while (all.next()) rows.emplace_back(all.text(0));
    return rows;
  }

  const Folder folder;
  const std::filesystem::path file = folder / "run.db";

 private:
  History history_;
};

TEST_F(JournalTest, WritesDownThatAnItemRuns) {
  Journal journal(file, no_error);
  Started begin = begun("build", 7);
  begin.parent = key(3);
  journal.started(begin);
  EXPECT_TRUE(journal.flush());
  const Row& row = this->row("build", 7);
  EXPECT_EQ(row.node, "build");
  EXPECT_EQ(row.key, key(7));
  EXPECT_EQ(row.seq, 7);
  EXPECT_EQ(row.parent, key(3));
  EXPECT_EQ(row.item, "item 7");
  EXPECT_EQ(row.config, "c0ffee");
  EXPECT_EQ(row.state, State::running);
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.arrived_ns, 1000);
  EXPECT_EQ(row.started_ns, 2500);
  EXPECT_EQ(row.ended_ns, std::nullopt);
  EXPECT_EQ(row.waited_ns, 500);
  EXPECT_EQ(row.status, std::nullopt);
  EXPECT_EQ(row.error, "");
  EXPECT_FALSE(row.has_output);
}

TEST_F(JournalTest, WritesDownHowAnItemEnds) {
  Journal journal(file, no_error);
  journal.started(begun("build", 1));
  Ended end = finished("build", 1, State::failed);
  end.status = 125;
  end.error = "no space";
  end.output = std::string("\0\xFF", 2);
  journal.ended(end);
  EXPECT_TRUE(journal.flush());
  const Row& row = this->row("build", 1);
  EXPECT_EQ(row.state, State::failed);
  EXPECT_EQ(row.ended_ns, 4000);
  EXPECT_EQ(row.status, 125);
  EXPECT_EQ(row.error, "no space");
  EXPECT_EQ(History::load(file).output(row), end.output);
  EXPECT_EQ(attempts(), std::vector<std::string>{"1 2000 2500 4000 failed 125 no space"});
}

TEST_F(JournalTest, WritesDownThatAnItemRunsThoughNobodyAsks) {
  Journal journal(file, no_error);
  journal.started(begun("build", 1));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  while (count_states(file).running == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    std::this_thread::yield();
  }
}

TEST_F(JournalTest, WritesDownWhatHasBegunTwiceWithoutAnEnd) {
  Journal journal(file, no_error);
  journal.started(begun("build", 1));
  Started again = begun("build", 1);
  again.started_ns = 3000;
  journal.started(again);
  journal.ended(finished("build", 1));
  journal.flush();
  EXPECT_EQ(row("build", 1).attempts, 2);
  EXPECT_EQ(attempts(),
            (std::vector<std::string>{"1 2000 2500 - running - -", "2 2000 3000 4000 done - -"}));
}

TEST_F(JournalTest, TellsItemsOfOneKeyApartByTheirNodes) {
  Journal journal(file, no_error);
  journal.started(begun("build", 1));
  journal.started(begun("push", 1));
  journal.ended(finished("build", 1, State::failed));
  journal.flush();
  EXPECT_EQ(row("build", 1).state, State::failed);
  EXPECT_EQ(row("push", 1).state, State::running);
}

TEST_F(JournalTest, KnowsThatNothingIsInWorkWhenARunBegins) {
  {
    Journal journal(file, no_error);
    for (const std::uint64_t number : {1U, 2U, 3U}) journal.started(begun("build", number));
    journal.ended(finished("build", 2, State::backing_off));
    journal.ended(finished("build", 3));
  }
  Journal journal(file, no_error);
  EXPECT_EQ(row("build", 1).state, State::running) << "it was when the process died";
  journal.begun({"{}", "{}"});
  journal.started(begun("build", 4));
  journal.flush();
  EXPECT_EQ(row("build", 1).state, State::cancelled);
  EXPECT_EQ(row("build", 2).state, State::cancelled);
  EXPECT_EQ(row("build", 3).state, State::done);
  EXPECT_EQ(row("build", 4).state, State::running);
  EXPECT_EQ(attempts()[0], "1 2000 2500 - cancelled - -");
  EXPECT_EQ(attempts()[1], "1 2000 2500 4000 failed - -");
}

TEST_F(JournalTest, KeepsOfAnItemThatRunsAgainWhatItWaitedBefore) {
  for (int life = 1; life <= 2; ++life) {
    Journal journal(file, no_error);
    journal.started(begun("build", 1));
    journal.ended(finished("build", 1));
    journal.flush();
    EXPECT_EQ(row("build", 1).attempts, life);
    EXPECT_EQ(row("build", 1).waited_ns, 500 * life);
  }
}

TEST_F(JournalTest, TellsNoOutputFromAnEmptyOne) {
  Journal journal(file, no_error);
  for (const std::uint64_t number : {1U, 2U}) journal.started(begun("build", number));
  Ended end = finished("build", 1);
  end.output = "";
  journal.ended(end);
  journal.ended(finished("build", 2));
  journal.flush();
  EXPECT_EQ(History::load(file).output(row("build", 1)), "");
  EXPECT_EQ(History::load(file).output(row("build", 2)), std::nullopt);
}

TEST_F(JournalTest, KeepsItsLogShortAlsoWhereItemsRunAgain) {
  for (int run = 0; run < 2; ++run) {
    Journal journal(file, no_error);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      Started begin = begun("build", i);
      begin.item.assign(2000, 'x');
      journal.started(begin);
      EXPECT_TRUE(journal.flush());
    }
    EXPECT_LT(std::filesystem::file_size(file.string() + "-wal"), 8'000'000u);
  }
}

TEST_F(JournalTest, CountsAttempts) {
  Journal journal(file, no_error);
  journal.started(begun("push", 1));
  Ended end = finished("push", 1, State::backing_off);
  end.status = 1;
  journal.ended(end);
  journal.flush();
  EXPECT_EQ(row("push", 1).state, State::backing_off);
  Started again = begun("push", 1);
  again.queued_ns = 5000;
  again.started_ns = 5100;
  journal.started(again);
  journal.flush();
  EXPECT_EQ(row("push", 1).state, State::running);
  EXPECT_EQ(row("push", 1).status, std::nullopt);
  EXPECT_EQ(row("push", 1).ended_ns, std::nullopt);
  journal.ended(finished("push", 1));
  journal.flush();
  EXPECT_EQ(row("push", 1).attempts, 2);
  EXPECT_EQ(row("push", 1).waited_ns, 600);
  EXPECT_EQ(attempts(),
            (std::vector<std::string>{"1 2000 2500 4000 failed 1 -", "2 5000 5100 4000 done - -"}));
}

TEST_F(JournalTest, KeepsHowAnAttemptFailedThatNoOtherOneFollowed) {
  Journal journal(file, no_error);
  journal.started(begun("push", 1));
  Ended end = finished("push", 1, State::backing_off);
  end.status = 7;
  end.error = "no";
  journal.ended(end);
  Ended stop = finished("push", 1, State::cancelled);
  stop.ended_ns = 9000;
  journal.ended(stop);
  journal.ended(finished("push", 1));  // it has ended for good
  journal.flush();
  EXPECT_EQ(row("push", 1).state, State::cancelled);
  EXPECT_EQ(row("push", 1).status, 7);
  EXPECT_EQ(row("push", 1).error, "no");
  EXPECT_EQ(row("push", 1).ended_ns, 9000);
  EXPECT_EQ(attempts(), (std::vector<std::string>{"1 2000 2500 4000 failed 7 no"}));
}

TEST_F(JournalTest, GoesOnWhereARunEnded) {
  {
    Journal journal(file, no_error);
    journal.started(begun("build", 1));  // and the run dies
    journal.started(begun("build", 2));
    journal.ended(finished("build", 2));
  }
  {
    Journal journal(file, no_error);
    Started again = begun("build", 1);
    again.config = "changed";
    journal.started(again);
    journal.ended(finished("build", 1));
    journal.ended(finished("build", 2));  // says the same again
  }
  EXPECT_EQ(row("build", 1).attempts, 2);
  EXPECT_EQ(row("build", 1).config, "changed");
  EXPECT_EQ(row("build", 2).attempts, 1);
  EXPECT_EQ(attempts(),
            (std::vector<std::string>{"1 2000 2500 - running - -", "2 2000 2500 4000 done - -",
                                      "1 2000 2500 4000 done - -"}));
}

TEST_F(JournalTest, IgnoresTheEndOfWhatNeverStarted) {
  Journal journal(file, no_error);
  journal.ended(finished("build", 1));
  EXPECT_TRUE(journal.flush());
  EXPECT_EQ(count_states(file).items(), 0);
}

TEST_F(JournalTest, CutsLongItems) {
  Journal journal(file, no_error);
  Started begin = begun("build", 1);
  begin.item = std::string(10'000, 'x');
  journal.started(begin);
  journal.flush();
  EXPECT_EQ(row("build", 1).item, std::string(4093, 'x') + "…");
}

TEST_F(JournalTest, WritesEverythingBeforeItCloses) {
  {
    Journal journal(file, no_error);
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
      journal.started(begun("build", i));
      journal.ended(finished("build", i));
    }
  }
  EXPECT_EQ(count_states(file).done, 20'000);
  EXPECT_FALSE(std::filesystem::exists(folder / "run.db-wal"));
}

TEST_F(JournalTest, TakesEventsFromManyThreadsWhileOthersRead) {
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 1000;
  Journal journal(file, no_error);
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    std::int64_t seen = 0;
    while (!stop) {
      const std::int64_t now =
          History::load(file).last_seq("build") > 0 ? count_states(file).items() : 0;
      EXPECT_GE(now, seen);
      seen = now;
    }
  });
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&journal, t] {
      for (std::uint64_t i = 1; i <= kEach; ++i) {
        journal.started(begun("build", t * kEach + i));
        if (i % 100 == 0) journal.flush();
        journal.ended(finished("build", t * kEach + i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(journal.flush());
  stop = true;
  reader.join();
  EXPECT_EQ(count_states(file).done, static_cast<std::int64_t>(kThreads * kEach));
  EXPECT_EQ(attempts().size(), kThreads * kEach);
}

TEST_F(JournalTest, IsWrittenForItsOwnerOnly) {
  const Journal journal(file, no_error);
  for (const char* name : {"run.db", "run.db-wal"}) {
    EXPECT_EQ(std::filesystem::status(folder / name).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << name;
  }
}

TEST_F(JournalTest, RefusesTablesOfANewerWeir) {
  { const Journal journal(file, no_error); }
  Database(file, Database::Mode::write).execute("PRAGMA user_version = 4");
  const std::string message = "'" + file.string() +
                              "' was written by a newer weir: its tables have version 4, this weir "
                              "knows them up to 3; use that one";
  const auto refused = [&](const auto& open) {
    try {
      open();
      ADD_FAILURE() << "it was opened";
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), message);
    }
  };
  refused([&] { const Journal journal(file, no_error); });
  refused([&] { History::load(file); });
  refused([&] { count_states(file); });
}

TEST_F(JournalTest, RefusesWhatIsNoDatabase) {
  EXPECT_THROW(Journal("/no/such/folder/run.db", no_error), Error);
  EXPECT_THROW(Journal("/proc/version", no_error), Error);
}

}  // namespace
}  // namespace weir::journal::test
