// Items that were there in an earlier run, and do not come any more.

#include <string>

#include "resume.hpp"

namespace weir::e2e {
namespace {

class GoneItems : public Resume {
 protected:
  /// Of each line of `items`; fails if it begins with `bad`.
  void write_lines_that_may_fail() {
    write(R"(
s: {source: lines, path: items}
g: {from: s, shell: 'case $I in bad*) exit 1;; esac', env: {I: "${{ item }}"}})");
  }
};

TEST_F(GoneItems, AreMissedWhereAllThatFailedIsToBeRunAgain) {
  write_lines_that_may_fail();
  folder.write("items", "good\nbad\n");
  EXPECT_EQ(run_file().status, 1);
  folder.write("items", "good\n");
  const Ended gone = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(gone.status, 1);
  EXPECT_NE(gone.err.find("weir: error: g: 'bad' ("), std::string::npos) << gone.err;
  EXPECT_NE(gone.err.find(") has not been run again: it did not come"), std::string::npos);
}

TEST_F(GoneItems, AreNamedUpToAFew) {
  write_lines_that_may_fail();
  folder.write("items", "bad1\nbad2\nbad3\nbad4\nbad5\nbad6\nbad7\n");
  EXPECT_EQ(run_file().status, 1);
  folder.write("items", "bad7\n");
  const Ended gone = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(gone.status, 1);
  std::size_t named = 0;
  for (const std::string& line : lines_of(gone.err)) {
    if (line.starts_with("weir: error: g: 'bad")) ++named;
  }
  EXPECT_EQ(named, 5u) << gone.err;
  EXPECT_NE(gone.err.find("and 1 more have not been run again"), std::string::npos) << gone.err;
}

TEST_F(GoneItems, AreNotMissedBehindOneThatIsRunAgain) {
  write(R"(
a: {source: list, items: [x]}
b: {from: a, shell: 'test ! -e bad', env: {I: "${{ item }}"}}
told: {from: b.failed, shell: 'false'})");
  folder.write("bad", "");
  EXPECT_EQ(run_file().status, 1);
  std::filesystem::remove(folder.file("bad"));
  const Ended again = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(again.status, 0) << again.err;
}

TEST_F(GoneItems, AreCountedNoMoreAndAreWhatTheyWereWhenTheyComeAgain) {
  write(R"(
s: {source: lines, path: items}
g: {from: s, shell: 'echo $I | tee -a log; case $I in bad*) exit 1;; esac', env: {I: "${{ item }}"}})");
  const auto counted = [&] {
    const Json runs = Json::parse(weir({.arguments = {"runs", "--json"}}).out);
    return std::pair(runs.at(0).at("done").get<int>(), runs.at(0).at("failed").get<int>());
  };
  folder.write("items", "a\nb\nbad\n");
  EXPECT_EQ(run_file().status, 1);
  take_log();
  folder.write("items", "a\n");
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 1);
  EXPECT_EQ(counted(), std::pair(2, 1)) << "that was not a whole run";
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(counted(), std::pair(1, 0));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 0);
  EXPECT_EQ(lines_of(run_file({"-n", "--resume"}).out).size(), 2u);
  EXPECT_EQ(weir({.arguments = {"logs", "latest"}}).out.find("bad"), std::string::npos);
  EXPECT_EQ(weir({.arguments = {"logs", "latest", "g", "bad"}}).out, "bad\n");
  folder.write("items", "a\nb\n");
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(counted(), std::pair(2, 0));
  EXPECT_EQ(take_log(), Strings()) << "b was done";
}

TEST_F(GoneItems, AreThoseThatCameOfAnotherOutputAndNotThoseBehindAFailure) {
  write(R"(
a: {source: list, items: [x]}
b: {from: a, emit: stdout, shell: 'test ! -e bad || exit 1; cat given'}
c: {from: b, shell: 'echo $I >>log; test $I != late || exit 1', env: {I: "${{ item }}"}}
d: {from: c, run: ['true']})");
  folder.write("given", "early\n");
  EXPECT_EQ(run_file().status, 0);
  folder.write("bad", "");
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "x"}}).status, 1);
  const auto items = [&] {
    return Json::parse(weir({.arguments = {"runs", "--json"}}).out).at(0).at("items").get<int>();
  };
  EXPECT_EQ(items(), 3) << "they are not gone: what they come of has failed";
  std::filesystem::remove(folder.file("bad"));
  folder.write("given", "late\n");
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  EXPECT_EQ(items(), 2) << "early is gone, and what came of it";
  folder.write("given", "other\n");
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "x"}}).status, 0);
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 0)
      << "that late has failed is of no account any more";
}

/// Failures whose records differ each time are told, and that fails.
class ToldFailures : public Resume {
 protected:
  Strings rows() const {
    const journal::History history =
        journal::History::load(folder.path() / ".weir/runs/latest/run.db");
    Strings rows;
    for (const std::string& node : history.nodes()) {
      for (const journal::Row* row : history.rows(node)) {
        rows.push_back(node + " " + std::string(to_string(row->state)));
      }
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  /// What the n-th line `again:` says, from 0, without `weir`.
  static Strings again(const std::string& said, int n) {
    std::size_t at = 0;
    for (; n >= 0; --n) at = said.find("again: weir ", at) + 12;
    const std::string line = said.substr(at, said.find('\n', at) - at);
    const std::size_t run = line.find(' ');
    const std::size_t id = line.rfind(' ');
    return {line.substr(0, run), line.substr(run + 1, id - run - 1), line.substr(id + 1)};
  }
};

TEST_F(ToldFailures, AreTheSameItemsEachTime) {
  write(R"(
a: {source: list, items: [x, y]}
b: {from: a, shell: 'test ! -e bad', env: {I: "${{ item }}"}}
c: {from: b.failed, queue: fifo}
told: {from: c, shell: 'echo "$I" >>log; test ! -e deaf', env: {I: "${{ item.item }}"}}
read: {from: told, run: ['true']})");
  folder.write("bad", "");
  folder.write("deaf", "");
  EXPECT_EQ(run_file().status, 1);
  const Strings failed = {"b failed", "b failed", "told failed", "told failed"};
  EXPECT_EQ(rows(), failed);
  take_log();
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"x", "y"}));
  EXPECT_EQ(rows(), failed);
  std::filesystem::remove(folder.file("deaf"));
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  take_log();
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"x", "y"})) << "these are other failures";
  EXPECT_EQ(rows(),
            (Strings{"b failed", "b failed", "read done", "read done", "told done", "told done"}));
}

TEST_F(ToldFailures, OfWhatComputesAreToldOnce) {
  write(R"(
a: {source: list, items: [{k: x}, {k: y}, {k: y}]}
b: {from: a, function: format, text: '${{ item.n }}'}
told: {from: b.failed, shell: 'echo "$I" >>log; test ! -e deaf', env: {I: "${{ item.item.k }}"}})");
  folder.write("deaf", "");
  EXPECT_EQ(run_file().status, 1);
  EXPECT_EQ(take_log(), (Strings{"x", "y", "y"}));
  std::filesystem::remove(folder.file("deaf"));
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"x", "y", "y"}));
  EXPECT_EQ(rows(), (Strings{"told done", "told done", "told done"}));
  EXPECT_EQ(run_file({"--resume"}).status, 1);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(ToldFailures, AreRunAgainByWhatFailedFirst) {
  write(R"(
a: {source: list, items: [x]}
b: {from: a, shell: 'echo b >>log; false'}
c: {from: b.failed, emit: stdout, shell: 'echo c >>log; date +%N'}
d: {from: c, shell: 'echo d >>log; false'})");
  const Ended first = run_file();
  EXPECT_EQ(take_log(), (Strings{"b", "c", "d"}));
  const Strings of_b = again(first.err, 0);
  EXPECT_EQ(again(first.err, 1), of_b) << first.err;
  EXPECT_EQ(weir({.arguments = of_b}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"b", "c", "d"}));
}

}  // namespace
}  // namespace weir::e2e
