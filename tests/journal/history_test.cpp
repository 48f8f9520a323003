#include "journal/history.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "journal/database.hpp"
#include "journal/error.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

class HistoryTest : public testing::Test {
 protected:
  const Folder folder;
  const std::filesystem::path file = folder / "run.db";
};

/// As in a run that is resumed: somebody else, who opens and closes the database meanwhile, must
/// not take himself for the last one, and remove what is written ahead.
TEST_F(HistoryTest, LeavesTheLocksOfAJournalThatIsOpenedBesideIt) {
  {
    Journal journal(file, no_error);
    journal.started(begun("build", 1));
  }
  int go[2];
  ASSERT_EQ(pipe(go), 0);
  const pid_t other = fork();  // before anything is open
  if (other == 0) {
    char byte = 0;
    const bool is_told = read(go[0], &byte, 1) == 1;
    _exit(is_told && History::load(file).find("build", key(2)) != nullptr ? 0 : 1);
  }
  const History history = History::load(file);
  Journal journal(file, no_error);
  journal.started(begun("build", 2));
  ASSERT_TRUE(journal.flush());
  ASSERT_EQ(write(go[1], "x", 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  close(go[0]);
  close(go[1]);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(std::filesystem::exists(file.string() + "-wal"));
  journal.started(begun("build", 3));
  ASSERT_TRUE(journal.flush());
  EXPECT_NE(History::load(file).find("build", key(3)), nullptr);
}

TEST_F(HistoryTest, FindsItemsByNodeAndKey) {
  {
    Journal journal(file, no_error);
    journal.started(begun("build", 1));
    journal.started(begun("push", 2));
  }
  const History history = History::load(file);
  ASSERT_NE(history.find("push", key(2)), nullptr);
  EXPECT_EQ(history.find("push", key(2))->item, "item 2");
  EXPECT_EQ(history.find("push", key(1)), nullptr);
  EXPECT_EQ(history.find("pull", key(2)), nullptr);
}

TEST_F(HistoryTest, GivesNodesAndItemsInOrderOfArrival) {
  {
    Journal journal(file, no_error);
    for (const std::uint64_t number : {3U, 1U, 2U}) {
      Started later = begun("a", number);
      later.arrived_ns = 2000;
      journal.started(later);
    }
    journal.started(begun("b", 9));
  }
  const History history = History::load(file);
  EXPECT_EQ(history.nodes(), (std::vector<std::string>{"b", "a"}));
  std::vector<std::int64_t> numbers;
  for (const Row* row : history.rows("a")) numbers.push_back(row->seq);
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(history.last_seq("a"), 3);
  EXPECT_EQ(history.last_seq("c"), 0);
  EXPECT_TRUE(history.rows("c").empty());
}

TEST_F(HistoryTest, CountsStates) {
  {
    Journal journal(file, no_error);
    for (std::uint64_t number = 1; number <= 6; ++number) journal.started(begun("a", number));
    journal.ended(finished("a", 1));
    journal.ended(finished("a", 2));
    journal.ended(finished("a", 3, State::failed));
    journal.ended(finished("a", 4, State::cancelled));
    journal.ended(finished("a", 5, State::backing_off));
  }
  const StateCounts counts = count_states(file);
  EXPECT_EQ(counts.done, 2);
  EXPECT_EQ(counts.failed, 1);
  EXPECT_EQ(counts.cancelled, 1);
  EXPECT_EQ(counts.backing_off, 1);
  EXPECT_EQ(counts.running, 1);
  EXPECT_EQ(counts.items(), 6);
  EXPECT_EQ(counts.last_ns, 4000);
}

TEST_F(HistoryTest, DoesNotCountWhatIsGoneUntilItComesAgain) {
  Journal journal(file, no_error);
  for (std::uint64_t number = 1; number <= 2; ++number) {
    journal.started(begun("a", number));
    journal.ended(finished("a", number));
  }
  journal.came_or_went({"a", key(1), true});
  journal.came_or_went({"a", key(1), true});
  ASSERT_TRUE(journal.flush());
  EXPECT_EQ(count_states(file).done, 1);
  EXPECT_EQ(count_states(file).last_ns, 4000);
  EXPECT_TRUE(History::load(file).find("a", key(1))->is_gone);
  EXPECT_FALSE(History::load(file).find("a", key(2))->is_gone);
  journal.came_or_went({"a", key(1), false});
  ASSERT_TRUE(journal.flush());
  EXPECT_EQ(count_states(file).done, 2);
  EXPECT_FALSE(History::load(file).find("a", key(1))->is_gone);
}

TEST_F(HistoryTest, OfTablesThatDoNotKnowWhatIsGone) {
  {
    Journal journal(file, no_error);
    journal.started(begun("a", 1));
    journal.ended(finished("a", 1));
  }
  Database(file, Database::Mode::write).execute("DROP TABLE gone; PRAGMA user_version = 2");
  EXPECT_EQ(count_states(file).done, 1);
  EXPECT_FALSE(History::load(file).find("a", key(1))->is_gone);
  {
    Journal journal(file, no_error);  // brings them up to date
    journal.came_or_went({"a", key(1), true});
  }
  EXPECT_EQ(count_states(file).done, 0);
}

TEST_F(HistoryTest, OfARunThatDiedAtOnceIsEmpty) {
  Database(file, Database::Mode::write);  // no tables yet
  EXPECT_TRUE(History::load(file).nodes().empty());
  EXPECT_EQ(count_states(file).items(), 0);
}

TEST_F(HistoryTest, OfNoFile) {
  EXPECT_EQ(count_states(file).items(), 0);
  EXPECT_THROW(History::load(file), Error);
}

TEST_F(HistoryTest, SaysWhatIsDamaged) {
  { const Journal journal(file, no_error); }
  Database(file, Database::Mode::write)
      .execute(
          "INSERT INTO items VALUES('a', 'xyz', 1, NULL, '', '', 'done', 1, 1, 1, 1, 1, NULL, "
          "NULL, NULL)");
  try {
    History::load(file);
    ADD_FAILURE() << "it was loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "'" + file.string() + "' is damaged: 'xyz' is no key");
  }
}

}  // namespace
}  // namespace weir::journal::test
