#include <csignal>

#include "resume.hpp"

namespace weir::e2e {
namespace {

/// Items of which several are gathered into one: what is done again behind that.
class ResumeGathered : public Resume {
 protected:
  void SetUp() override { write(kPairs); }

  /// The first item that runs at `one` ends when the run has been told to stop. So what comes of it
  /// is not begun.
  void stop_behind_the_first_item(const Strings& arguments) {
    Signpost started(folder, "started");
    Signpost go(folder, "go");
    folder.write("hold", "");
    const auto process = begin(arguments);
    started.read_line();
    process->send(SIGINT);
    process->wait_for_error("once more to end it");
    go.write_line("");
    EXPECT_EQ(process->wait().status, 130);
    std::filesystem::remove(folder.file("hold"));
  }

  static constexpr const char* kPairs = R"(
items: {source: list, items: [a, b, c, d, e]}
one:
  from: items
  limit: 1
  ordered: true
  shell: |
    echo "one $N" >>log
    if test -e hold; then echo >started; read L <go; fi
    test ! -e bad_$N
  env: {N: '${{ item }}'}
pairs: {from: one, function: batch, size: 2}
two: {from: pairs, shell: 'echo "two $N" >>log', env: {N: '${{ item }}'}})";
};

const Strings kAll = {
    "one a",      "one b", "one c", "one d", "one e", "two [\"a\",\"b\"]", "two [\"c\",\"d\"]",
    "two [\"e\"]"};

TEST_F(ResumeGathered, IsNotDoneAgain) {
  EXPECT_EQ(run_file().status, 0);
  EXPECT_EQ(take_log(), kAll);
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(ResumeGathered, IsDoneAgainIfAnyMemberIs) {
  EXPECT_EQ(run_file().status, 0);
  take_log();
  // In the order of their coming the first one of its pair, and the last.
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "a"}}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"one a", "two [\"a\",\"b\"]"}));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "d"}}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"one d", "two [\"c\",\"d\"]"}));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "e"}}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"one e", "two [\"e\"]"}));
}

TEST_F(ResumeGathered, IsDoneAgainIfAMemberWasInALaterRunThatWasStopped) {
  EXPECT_EQ(run_file().status, 0);
  take_log();
  stop_behind_the_first_item({"rerun", "latest", "a"});
  EXPECT_EQ(take_log(), (Strings{"one a"}));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"two [\"a\",\"b\"]"}));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(ResumeGathered, WhatIsDoneForTheFirstTimeTouchesNoOthers) {
  folder.write("bad_d", "");
  EXPECT_EQ(run_file().status, 1);
  take_log();
  std::filesystem::remove(folder.file("bad_d"));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"one d", "two [\"c\",\"d\"]", "two [\"e\"]"}));
}

TEST_F(ResumeGathered, ADryRunSaysThatWhatIsGatheredWithAnythingNewIsRun) {
  folder.write("bad_d", "");
  EXPECT_EQ(run_file().status, 1);
  const std::string plan = run_file({"-n", "--resume"}).out;
  EXPECT_NE(plan.find("run   one  d          failed before\n"), plan.npos) << plan;
  EXPECT_NE(plan.find("skip  two  [\"a\",\"b\"]  done\n"), plan.npos) << plan;
  EXPECT_NE(plan.find("run   two  [\"c\",\"e\"]  upstream changed\n"), plan.npos) << plan;
}

TEST_F(ResumeGathered, ADryRunSaysWhatTheRunDoesBehindASort) {
  write(replaced(kPairs, "function: batch, size: 2", "function: sort"));
  folder.write("bad_d", "");
  EXPECT_EQ(run_file().status, 1);
  std::filesystem::remove(folder.file("bad_d"));
  const std::string plan = run_file({"-n", "--resume"}).out;
  EXPECT_NE(plan.find("5 to run, 4 to skip"), plan.npos) << plan;
  EXPECT_NE(plan.find("run   two  e  upstream changed\n"), plan.npos) << plan;
  take_log();
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"one d", "two a", "two b", "two c", "two d", "two e"}));
  EXPECT_NE(run_file({"-n", "--resume"}).out.find("0 to run, 10 to skip"), std::string::npos);
}

TEST_F(ResumeGathered, OneByOneItIsTheSame) {
  write(replaced(kPairs, "function: batch, size: 2", "queue: fifo"));
  EXPECT_EQ(run_file().status, 0);
  take_log();
  stop_behind_the_first_item({"rerun", "latest", "a"});
  EXPECT_EQ(take_log(), (Strings{"one a"}));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"two a"}));
}

TEST_F(ResumeGathered, WhatIsMadeOfAllIsDoneAgainIfAnyIs) {
  write(replaced(kPairs, "function: batch, size: 2", "function: count_by, by: '${{ item }}'"));
  EXPECT_EQ(run_file().status, 0);
  take_log();
  stop_behind_the_first_item({"rerun", "latest", "b"});
  EXPECT_EQ(take_log(), (Strings{"one b"}));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log().size(), 5U);
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

/// In the first run d ends first, and a last.
class ResumeOvertaken : public Resume {
 protected:
  void begin_with(const std::string& gathered) {
    const bool by_kind = gathered.find("kind") != gathered.npos;
    std::string nodes = replaced(R"(
items: {source: list, items: [ITEMS]}
one:
  from: items
  shell: |
    echo "one $N" >>log
    case $N in a) until test -e b; do sleep 0.02; done;; b) until test -e c; do sleep 0.02; done;;
    c) until test -e d; do sleep 0.02; done;; esac
    >"$N"
  env: {N: '${{ item }}'}
gathered: {from: one, HOW}
two: {from: gathered, shell: 'echo "two $N" >>log; test ! -e bad', env: {N: '${{ item }}'}})",
                                 "HOW", gathered);
    if (by_kind) nodes = replaced(nodes, "'${{ item }}'", "'${{ item.n }}'");
    write(replaced(nodes, "ITEMS",
                   by_kind ? "{kind: x, n: a}, {kind: x, n: b}, {kind: x, n: c}, {kind: x, n: d}"
                           : "a, b, c, d"));
    EXPECT_EQ(run_file({"-q"}).status, folder.has("bad") ? 1 : 0);
    first = take_log();
  }

  Strings first;
};

TEST_F(ResumeOvertaken, WhatIsGatheredIsGatheredInTheSameWay) {
  begin_with("function: batch, size: 2");
  EXPECT_EQ(first.size(), 6U);
  EXPECT_EQ(run_file({"-q", "--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
  EXPECT_NE(run_file({"-n", "--resume"}).out.find("0 to run, 6 to skip"), std::string::npos);
}

TEST_F(ResumeOvertaken, TheSameItemsAreTaken) {
  begin_with("function: take, count: 2");
  EXPECT_EQ(run_file({"-q", "--resume"}).status, 0);
  for (const std::string& line : take_log()) EXPECT_EQ(line.rfind("two", 0), line.npos) << line;
}

TEST_F(ResumeOvertaken, TheSameOnesOfAKindAreKept) {
  begin_with("function: dedupe, by: '${{ item.kind }}'");
  EXPECT_EQ(run_file({"-q", "--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(ResumeOvertaken, AGatheredItemThatFailedIsDoneAgain) {
  folder.write("bad", "");
  begin_with("function: batch, size: 2");
  std::filesystem::remove(folder.file("bad"));
  const std::string plan = run_file({"-n", "--resume"}).out;
  EXPECT_NE(plan.find("2 to run, 4 to skip"), plan.npos) << plan;
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 0);
  EXPECT_EQ(take_log().size(), 2U);
  EXPECT_NE(run_file({"-n", "--resume"}).out.find("0 to run, 6 to skip"), std::string::npos);
}

TEST_F(ResumeOvertaken, WhatDoesNotComeAnyMoreHoldsNothingUp) {
  begin_with("function: batch, size: 2");
  const std::string file = folder.read("test.yaml");
  folder.write("test.yaml", replaced(file, "[a, b, c, d]", "[a, b, c]"));
  EXPECT_EQ(run_file({"-q", "--resume"}).status, 0);
  for (const std::string& line : take_log()) EXPECT_EQ(line.rfind("two", 0), 0U) << line;
}

TEST_F(ResumeOvertaken, ASourceWithLittleInFlightDoesNotWaitForEver) {
  begin_with("function: batch, size: 2");
  const std::string file = folder.read("test.yaml");
  folder.write("test.yaml", replaced(file, "[a, b, c, d]", "[a, b, c, d], max_in_flight: 1"));
  EXPECT_EQ(run_file({"-q", "--resume"}).status, 0);
  for (const std::string& line : take_log()) EXPECT_EQ(line.rfind("two", 0), 0U) << line;
}

}  // namespace
}  // namespace weir::e2e
