#include "journal/recorded.hpp"

#include <fstream>

#include "journal/database.hpp"
#include "journal/error.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

std::int64_t since_2000(const std::string& /*run*/) { return 2000; }

/// As the first weir with a journal made them.
constexpr const char* kTablesOfVersion1 = R"(
CREATE TABLE items(node TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, parent TEXT,
  item TEXT NOT NULL, config TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
  arrived_ns INTEGER NOT NULL, started_ns INTEGER NOT NULL, ended_ns INTEGER,
  waited_ns INTEGER NOT NULL, status INTEGER, error TEXT, output BLOB, PRIMARY KEY(node, key));
CREATE TABLE attempts(node TEXT NOT NULL, key TEXT NOT NULL, attempt INTEGER NOT NULL,
  queued_ns INTEGER NOT NULL, started_ns INTEGER NOT NULL, ended_ns INTEGER, state TEXT NOT NULL,
  status INTEGER, error TEXT);
INSERT INTO items VALUES('a', '00000000000000000000000000000001', 1, NULL, 'item 1', 'c', 'failed',
  1, 10, 20, 30, 10, 1, 'bad', NULL);
INSERT INTO attempts VALUES('a', '00000000000000000000000000000001', 1, 10, 20, 30, 'failed', 1,
  'bad');
PRAGMA user_version = 1;
)";

class RecordedTest : public testing::Test {
 protected:
  Recorded read() const { return read_recorded(file, since_2000); }

  const Folder folder;
  const std::filesystem::path file = folder / "run.db";
};

TEST_F(RecordedTest, HasTheRunItsItemsAndWhyTheyWaited) {
  {
    Journal journal(file, no_error);
    journal.begun({"{\"graph\":1}", "{\"run\":1}"});
    Started started = begun("a", 1);
    started.held_by = "registry";
    started.held_for = "rate";
    started.needs = "[]";
    journal.started(started);
    Ended ended = finished("a", 1);
    ended.cpu_ns = 77;
    journal.ended(ended);
    journal.started(begun("a", 2));
    journal.sampled({0, 5000, 250, "[[1]]", "", 1});
    journal.sampled({1, 6000, {}, "[[2]]", "[[0,0,1,2,3]]", 1});
    journal.changed({"{\"run\":2}"});
  }
  const Recorded recorded = read();
  EXPECT_EQ(recorded.graph, "{\"graph\":1}");
  EXPECT_EQ(recorded.run, "{\"run\":2}");
  ASSERT_EQ(recorded.items.size(), 2U);
  ASSERT_EQ(recorded.attempts.size(), 2U);
  const Recorded::Attempt& attempt = recorded.attempts[0];
  EXPECT_EQ(recorded.items[attempt.item].item, "item 1");
  EXPECT_EQ(attempt.admitted_ns, 2400);
  EXPECT_EQ(attempt.held_by, "registry");
  EXPECT_EQ(attempt.held_for, "rate");
  EXPECT_EQ(attempt.needs, "[]");
  EXPECT_EQ(attempt.cpu_ns, 77);
  EXPECT_EQ(recorded.attempts[1].ended_ns, std::nullopt);
  ASSERT_EQ(recorded.samples.size(), 2U);
  EXPECT_EQ(recorded.samples[0].idle_permille, 250);
  EXPECT_EQ(recorded.samples[1].at_ns, 6000);
  EXPECT_EQ(recorded.samples[1].nodes, "[[2]]");
  EXPECT_EQ(recorded.batches, (std::vector<std::string>{"[[0,0,1,2,3]]"}));
}

TEST_F(RecordedTest, WhatIsHeldBackBeginsLater) {
  {
    Journal journal(file, no_error);
    Ended ended = finished("a", 1);
    ended.held_back_ns = 700;
    journal.started(begun("a", 1));
    journal.flush();  // so that begin and end are written one after the other
    journal.ended(ended);
    ended.key = key(2);
    journal.started(begun("a", 2));
    journal.ended(ended);
  }
  const Recorded recorded = read();
  ASSERT_EQ(recorded.attempts.size(), 2U);
  for (const Recorded::Attempt& attempt : recorded.attempts) {
    EXPECT_EQ(attempt.admitted_ns, 2400);
    EXPECT_EQ(attempt.started_ns, 3200);
    EXPECT_EQ(attempt.ended_ns, 4000);
  }
}

TEST_F(RecordedTest, HasAttemptsInTheOrderInWhichTheyBegan) {
  {
    Journal journal(file, no_error);
    for (const std::uint64_t number : {1U, 2U}) {
      Started started = begun("a", number);
      started.started_ns += static_cast<std::int64_t>(number);
      journal.started(started);
    }
    journal.ended(finished("a", 2));  // written first, and whole
  }
  const Recorded recorded = read();
  ASSERT_EQ(recorded.attempts.size(), 2U);
  EXPECT_EQ(recorded.items[recorded.attempts[0].item].item, "item 1");
  EXPECT_EQ(recorded.items[recorded.attempts[1].item].item, "item 2");
}

TEST_F(RecordedTest, ThinsEarlierSamplesOut) {
  {
    Journal journal(file, no_error);
    for (std::int64_t tick = 0; tick < 8; ++tick) journal.sampled({tick, tick, {}, "[]", "[]", 1});
    journal.sampled({8, 8, {}, "[]", "[]", 4});
  }
  std::vector<std::int64_t> ticks;
  for (const Recorded::Sample& sample : read().samples) ticks.push_back(sample.tick);
  EXPECT_EQ(ticks, (std::vector<std::int64_t>{0, 4, 8}));
  EXPECT_EQ(read().batches.size(), 3U);
}

TEST_F(RecordedTest, IsOfTheLastRun) {
  Started first = begun("a", 1);
  first.started_ns = 1000;
  {
    Journal journal(file, no_error);
    journal.begun({"", "{}"});
    journal.sampled({0, 1, {}, "[]", "", 1});
    journal.started(first);
    journal.begun({"", "{}"});
    journal.started(begun("a", 2));
  }
  const Recorded recorded = read();
  EXPECT_TRUE(recorded.samples.empty());
  ASSERT_EQ(recorded.attempts.size(), 1U);
  EXPECT_EQ(recorded.items[recorded.attempts[0].item].item, "item 2");
}

TEST_F(RecordedTest, ReadsTablesOfVersion1) {
  Database(file, Database::Mode::write).execute(kTablesOfVersion1);
  const Recorded recorded = read();
  EXPECT_TRUE(recorded.run.empty());
  ASSERT_EQ(recorded.attempts.size(), 1U);
  EXPECT_EQ(recorded.attempts[0].queued_ns, 10);
  EXPECT_EQ(recorded.attempts[0].admitted_ns, std::nullopt);
}

TEST_F(RecordedTest, TablesOfVersion1AreGoneOnWith) {
  Database(file, Database::Mode::write).execute(kTablesOfVersion1);
  {
    Journal journal(file, no_error);
    journal.begun({"{}", "{}"});
    journal.started(begun("a", 2));
    journal.ended(finished("a", 2));
  }
  const History history = History::load(file);
  ASSERT_EQ(history.rows("a").size(), 2U);
  EXPECT_EQ(history.rows("a")[0]->error, "bad");
  EXPECT_EQ(history.rows("a")[1]->state, State::done);
  EXPECT_EQ(read().graph, "{}");
}

TEST_F(RecordedTest, IsCopiedWhileItIsWritten) {
  Journal journal(file, no_error);
  journal.begun({"{}", "{}"});
  journal.started(begun("a", 1));
  ASSERT_TRUE(journal.flush());
  copy_database(file, folder / "copy.db");
  EXPECT_TRUE(is_record(folder / "copy.db"));
  EXPECT_EQ(read_recorded(folder / "copy.db", since_2000).items.size(), 1U);
}

TEST_F(RecordedTest, ACopyThatCanNotBePutThereLeavesNothing) {
  { const Journal journal(file, no_error); }
  std::filesystem::create_directories(folder / "copy.db/full");
  EXPECT_THROW(copy_database(file, folder / "copy.db"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "copy.db.part"));
}

TEST_F(RecordedTest, KnowsARecordByItsTables) {
  EXPECT_FALSE(is_record(file));
  std::ofstream(file) << "SQLite, but not quite";
  EXPECT_FALSE(is_record(file));
  EXPECT_FALSE(is_record(file.parent_path()));
  const std::filesystem::path other = folder / "other.db";
  Database database(other, Database::Mode::write);
  database.execute("PRAGMA journal_mode = WAL");
  EXPECT_TRUE(is_record(other)) << "there is nothing in it";
  database.execute("CREATE TABLE items(node TEXT); CREATE TABLE attempts(node TEXT)");
  EXPECT_FALSE(is_record(other));
  const std::filesystem::path made = folder / "made.db";
  const Journal journal(made, no_error);
  EXPECT_TRUE(is_record(made)) << "also while all of it is in its -wal";
}

}  // namespace
}  // namespace weir::journal::test
