#include "journal/redo_log.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/catch_up.hpp"
#include "journal/error.hpp"
#include "journal/history.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

class RedoLogTest : public testing::Test {
 protected:
  std::filesystem::path segment(int number) const {
    return file.string() + "-redo" + std::to_string(number);
  }
  std::string bytes_of(int number) const {
    std::ifstream stream(segment(number), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void put(int number, const std::string& bytes) const {
    std::ofstream(segment(number), std::ios::binary) << bytes;
  }
  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> numbers;
    for (const RedoLog::Record& record : RedoLog(file).read()) numbers.push_back(record.number);
    return numbers;
  }
  /// What is left of a process that has written down so many items, and is killed: nothing of it
  /// has gone into the tables, but for what an earlier one wrote.
  void die_after(std::uint64_t first, std::uint64_t last, bool begins_one_more = false) const {
    const pid_t child = fork();
    if (child == 0) {
      auto* const journal = new Journal(file, [](const std::string&) { _exit(9); });
      for (std::uint64_t i = first; i <= last; ++i) {
        journal->started(begun("build", i));
        journal->ended(finished("build", i));
      }
      if (begins_one_more) {
        journal->started(begun("build", last + 1));
        journal->flush();
      }
      _exit(0);  // as if killed: nothing is destroyed
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
  }

  const Folder folder;
  const std::filesystem::path file = folder / "run.db";
};

TEST_F(RedoLogTest, GivesBackWhatWasWritten) {
  Started started = begun("build", 7);
  started.parent = key(3);
  started.held_by = "registry";
  started.needs = R"([["registry",1,0,""]])";
  Ended ended = finished("build", 7, State::failed);
  ended.status = -3;
  ended.cpu_ns = 12;
  ended.held_back_ns = 34;
  ended.error = "no space";
  ended.output = std::string("\0\xFF\n", 3);
  {
    RedoLog log(file);
    log.add(41, started);
    log.add(43, ended);
    ended.output.reset();
    ended.status.reset();
    log.add(44, ended);
    EXPECT_TRUE(log.write());
  }
  const std::vector<RedoLog::Record> records = RedoLog(file).read();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].number, 41U);
  const auto& first = std::get<Started>(records[0].event);
  EXPECT_EQ(first.node, "build");
  EXPECT_EQ(first.key, key(7));
  EXPECT_EQ(first.seq, started.seq);
  EXPECT_EQ(first.parent, key(3));
  EXPECT_EQ(first.item, started.item);
  EXPECT_EQ(first.config, started.config);
  EXPECT_EQ(first.arrived_ns, started.arrived_ns);
  EXPECT_EQ(first.queued_ns, started.queued_ns);
  EXPECT_EQ(first.admitted_ns, started.admitted_ns);
  EXPECT_EQ(first.started_ns, started.started_ns);
  EXPECT_EQ(first.held_by, "registry");
  EXPECT_EQ(first.held_for, "");
  EXPECT_EQ(first.needs, started.needs);
  EXPECT_EQ(records[1].number, 43U);
  const auto& second = std::get<Ended>(records[1].event);
  EXPECT_EQ(second.key, key(7));
  EXPECT_EQ(second.state, State::failed);
  EXPECT_EQ(second.ended_ns, ended.ended_ns);
  EXPECT_EQ(second.status, -3);
  EXPECT_EQ(second.cpu_ns, 12);
  EXPECT_EQ(second.held_back_ns, 34);
  EXPECT_EQ(second.error, "no space");
  EXPECT_EQ(second.output, std::string("\0\xFF\n", 3));
  const auto& third = std::get<Ended>(records[2].event);
  EXPECT_EQ(third.status, std::nullopt);
  EXPECT_EQ(third.output, std::nullopt);
}

TEST_F(RedoLogTest, EndsBeforeARecordThatIsNotWhole) {
  std::vector<std::size_t> ends = {0};
  {
    RedoLog log(file);
    for (std::uint64_t i = 1; i <= 3; ++i) {
      log.add(i, finished("build", i));
      ASSERT_TRUE(log.write());
      ends.push_back(bytes_of(0).size());
    }
  }
  const std::string whole = bytes_of(0);
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    put(0, whole.substr(0, cut));
    std::size_t records = 0;
    while (records + 1 < ends.size() && ends[records + 1] <= cut) ++records;
    EXPECT_EQ(numbers().size(), records) << cut;
  }
  for (std::size_t at = ends[1]; at < ends[2]; ++at) {  // of the second, any byte
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    put(0, damaged);
    EXPECT_EQ(numbers(), std::vector<std::uint64_t>{1}) << at;
  }
  put(0, whole + std::string(100, '\0'));  // as after the end of a machine
  EXPECT_EQ(numbers().size(), 3U);
}

std::uint32_t crc_32(const std::string& bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

TEST_F(RedoLogTest, WithAWholeRecordOfAnotherFormatIsRefused) {
  {
    RedoLog log(file);
    log.add(1, finished("build", 1));
    ASSERT_TRUE(log.write());
  }
  std::string bytes = bytes_of(0);
  bytes[16] = 'Z';  // behind its length, its checksum and its number: what it is
  const std::uint32_t check = crc_32(bytes.substr(8));
  bytes.replace(4, 4, reinterpret_cast<const char*>(&check), 4);
  put(0, bytes);
  EXPECT_THROW(numbers(), Error);
  EXPECT_EQ(bytes_of(0), bytes);
}

TEST_F(RedoLogTest, StaysShortAndLosesNothingThatIsNotInTheTables) {
  std::mt19937 random(1);
  RedoLog log(file);
  std::uint64_t safe = 0;  // in the tables
  std::uint64_t marked = 0;
  std::uint64_t last = 0;
  Ended ended = finished("build", 1);
  ended.output = std::string(2000, 'x');
  for (int round = 0; round < 3000; ++round) {
    for (auto more = random() % 4; more > 0; --more) log.add(++last, ended);
    ASSERT_TRUE(log.write());
    if (random() % 3 != 0) continue;
    log.mark();
    marked = last;
    if (random() % 2 == 0) {  // comes while the tables are written
      log.add(++last, ended);
      ASSERT_TRUE(log.write());
    }
    log.drop_marked();
    safe = marked;
    if (round % 50 != 0) continue;
    const std::vector<RedoLog::Record> records = log.read();
    ASSERT_EQ(records.empty() ? safe : records.back().number, last);
    ASSERT_LE(records.empty() ? 0 : records.front().number, safe + 1);
    for (std::size_t i = 1; i < records.size(); ++i) {
      ASSERT_EQ(records[i].number, records[i - 1].number + 1);
    }
  }
  EXPECT_GT(last, 4000U);
  for (const int number : {0, 1}) {
    EXPECT_LT(std::filesystem::file_size(segment(number)), 1'200'000U) << number;
  }
}

TEST_F(RedoLogTest, DoesNotKeepForAnEndThatSomethingHasBegunWhichIsInTheTables) {
  RedoLog log(file);
  log.add(1, begun("build", 1));
  log.mark();
  log.add(2, begun("build", 2));  // comes while the tables are written
  log.drop_marked();
  log.add(3, finished("build", 1));
  ASSERT_TRUE(log.write());
  log.add(4, begun("build", 3));
  log.mark();
  log.add(5, finished("build", 3));
  ASSERT_TRUE(log.write()) << "before it is in the tables: its beginning is written, too";
  log.drop_marked();
  std::vector<std::uint64_t> numbers;
  for (const RedoLog::Record& record : log.read()) numbers.push_back(record.number);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{2, 3, 4, 5}));
}

TEST_F(RedoLogTest, SaysWhichFileCanNotBeWritten) {
  const LowerLimit limit(RLIMIT_FSIZE, 1000);
  RedoLog log(file);
  Ended ended = finished("build", 1);
  ended.output = std::string(2000, 'x');
  log.add(1, ended);
  EXPECT_EQ(log.error(), "");
  EXPECT_FALSE(log.write());
  EXPECT_TRUE(log.is_broken());
  EXPECT_EQ(log.error(), "can't write '" + segment(0).string() + "': File too large");
  log.add(2, finished("build", 2));
  EXPECT_FALSE(log.write()) << "behind half a record nothing would be found";
}

TEST_F(RedoLogTest, IsReadByWhoeverLoadsTheHistoryOfADeadRun) {
  die_after(1, 200);
  EXPECT_TRUE(RedoLog::is_left(file));
  const History history = History::load(file);
  for (std::uint64_t i = 1; i <= 200; ++i) {
    const Row* const row = history.find("build", key(i));
    ASSERT_NE(row, nullptr) << i;
    EXPECT_EQ(row->state, State::done) << i;
    EXPECT_EQ(row->attempts, 1) << i;
  }
  EXPECT_FALSE(RedoLog::is_left(file));
}

TEST_F(RedoLogTest, IsReadByTheJournalThatGoesOn) {
  die_after(1, 10, true);
  die_after(12, 20);
  {
    Journal journal(file, no_error);
    journal.started(begun("build", 11));
    journal.ended(finished("build", 11));
    EXPECT_TRUE(journal.flush());
  }
  const History history = History::load(file);
  EXPECT_EQ(history.rows("build").size(), 20U);
  for (const Row* row : history.rows("build")) {
    EXPECT_EQ(row->state, State::done) << row->seq;
    EXPECT_EQ(row->attempts, row->seq == 11 ? 2 : 1) << row->seq;
  }
}

TEST_F(RedoLogTest, EndsAnAttemptThatTheTablesHaveAsRunning) {
  die_after(1, 1, true);  // the second is in the tables, and runs
  {
    RedoLog log(file);
    log.add(1000, finished("build", 2));
    ASSERT_TRUE(log.write());
  }
  const History history = History::load(file);
  const Row* const row = history.find("build", key(2));
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->state, State::done);
  EXPECT_EQ(row->attempts, 1);
}

TEST_F(RedoLogTest, PutsNothingIntoTheTablesTwice) {
  die_after(1, 5);
  const std::string left = bytes_of(0);
  ASSERT_FALSE(left.empty());
  catch_up(file);
  put(0, left);  // as if it had been killed before it could empty the log
  catch_up(file);
  const History history = History::load(file);
  for (const Row* row : history.rows("build")) EXPECT_EQ(row->attempts, 1);
}

TEST_F(RedoLogTest, IsLeftAloneWhileTheRunIsAlive) {
  Journal journal(file, no_error);
  journal.started(begun("build", 1));
  journal.ended(finished("build", 1));
  EXPECT_FALSE(RedoLog::is_left(file));
  History::load(file);
  EXPECT_TRUE(journal.flush());
  EXPECT_EQ(History::load(file).rows("build").size(), 1U);
}

TEST_F(RedoLogTest, IsGoneWhenTheJournalIsComplete) {
  { const Journal journal(file, no_error); }
  EXPECT_FALSE(std::filesystem::exists(segment(0)));
  EXPECT_FALSE(std::filesystem::exists(segment(1)));
}

}  // namespace
}  // namespace weir::journal::test
