#include "support.hpp"

namespace weir::e2e {
namespace {

/// Items that fail, and what is said of them.
class Failures : public EndToEnd {
 protected:
  /// The one failure record of a command that gets the item "it".
  Json failure(const std::string& command) {
    const Ended ended =
        run("given: {source: list, items: [it]}\n" + ("tried: {from: given, " + command + "}\n") +
                "kept: {from: tried.failed, sink: jsonl, path: failed.jsonl}\n",
            {.arguments = {"--summary-file", "summary.json", "--output", "none"}});
    EXPECT_EQ(ended.status, 1);
    said = ended.err;
    summary();
    const Strings lines = lines_of(folder.read("failed.jsonl"));
    EXPECT_EQ(lines.size(), 1U);
    return Json::parse(lines.at(0));
  }
  void expect_said(const std::string& text) const {
    EXPECT_NE(said.find(text), std::string::npos) << "not '" << text << "' but\n" << said;
  }

  std::string said;
};

TEST_F(Failures, ShowCommandStatusAndTheLastLinesWritten) {
  const Json record = failure("run: [sh, -c, 'seq 30 >&2; exit 7', '${{ item }}']");
  expect_said("[tried 1/1] failed ");
  expect_said("it: `sh -c 'seq 30 >&2; exit 7' it` exited with status 7\n");
  expect_said("    | 11\n");
  expect_said("    | 30\n");
  EXPECT_EQ(said.find("    | 10\n"), std::string::npos) << said;
  EXPECT_EQ(record.at("node"), "tried");
  EXPECT_EQ(record.at("pipeline"), "test");
  EXPECT_EQ(record.at("item"), "it");
  EXPECT_EQ(record.at("status"), 7);
  EXPECT_EQ(record.at("attempts"), 1);
  EXPECT_EQ(record.at("command"), "sh -c 'seq 30 >&2; exit 7' it");
  EXPECT_EQ(record.at("error"), "`sh -c 'seq 30 >&2; exit 7' it` exited with status 7");
  EXPECT_EQ(lines_of(record.at("output")).size(), 20U);
}

TEST_F(Failures, ShowStandardOutputIfNothingIsInStandardError) {
  EXPECT_EQ(failure("shell: 'echo here; false'").at("output"), "here");
  expect_said("    | here\n");
}

TEST_F(Failures, NameTheSignalThatEndedTheCommand) {
  const Json record = failure("shell: 'kill -SEGV $$$$'");
  EXPECT_EQ(record.at("status"), 128 + 11);
  expect_said("was ended by signal 11");
}

TEST_F(Failures, NameAProgramThatIsMissing) {
  failure("run: [no-such-program, x]");
  expect_said("'no-such-program'");
}

TEST_F(Failures, NameAFileThatIsNoProgram) {
  folder.write("data.txt", "");
  failure("run: [./data.txt]");
  expect_said("'./data.txt'");
  expect_said("permission denied");
}

TEST_F(Failures, NameThePartThatAnItemLacks) {
  const Ended ended = run(R"(
given: {source: list, items: [{user: {name: ada}}, {user: bob}]}
named: {from: given, run: [echo, '${{ item.user.name }}']})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find(R"(the item has no 'item.user.name': it is the record {"user":"bob"})"),
            std::string::npos)
      << ended.err;
}

TEST_F(Failures, NameCommandsThatCanBePasted) {
  const Ended ended =
      run("a: {source: range, to: 1}\nb: {from: a, run: [sh, -c, 'echo x; exit 1']}\n",
          {.arguments = {"--run-dir", "it's here"}});
  EXPECT_NE(ended.err.find("    log: weir logs 'it'\\''s here' b "), std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("    again: weir rerun 'it'\\''s here' "), std::string::npos)
      << ended.err;
}

TEST_F(Failures, DoNotUpsetATerminal) {
  failure(R"(shell: 'printf "\033[31m10%%\r\a\033[2J\377\n" >&2; false')");
  expect_said("    | \\x07\\x1b[2J\\xff\n");
}

TEST_F(Failures, DoNotGoOnThroughOut) {
  const Ended ended = run(R"(
given: {source: range, to: 10}
tried: {from: given, shell: 'test $((N % 2)) = 0', env: {N: '${{ item }}'}}
good: {from: tried, sink: lines, path: good.txt}
bad: {from: tried.failed, sink: jsonl, path: bad.jsonl})",
                          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_EQ(lines_of(folder.read("good.txt")).size(), 5U);
  EXPECT_EQ(lines_of(folder.read("bad.jsonl")).size(), 5U);
  EXPECT_EQ(summary().at("nodes").at("tried").at("failed"), 5);
  EXPECT_EQ(summary().at("nodes").at("tried").at("out"), 5);
}

TEST_F(Failures, ThatNobodyReadsAreReportedAndCounted) {
  const Ended ended = run(R"(
given: {source: range, to: 3}
tried: {from: given, run: ['false']})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("[tried 3/3] failed "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("test: failed in "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find(", 3 failed\n"), std::string::npos) << ended.err;
}

TEST_F(Failures, OfANodeThatComputesAreShownUpToTen) {
  const Ended ended = run(R"(
given: {source: range, to: 1000}
waited: {from: given, run: ['true'], emit: result}
named: {from: waited, function: format, text: '${{ item.name }}'}
shown: {from: named, sink: count})",
                          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "0\n");
  std::size_t shown = 0;
  for (const std::string& line : lines_of(ended.err)) shown += line.starts_with("[named] failed ");
  EXPECT_EQ(shown, 10U);
  EXPECT_NE(ended.err.find("[named] further failed items are counted, not shown"),
            std::string::npos);
  EXPECT_EQ(summary().at("nodes").at("named").at("failed"), 1000);
}

TEST_F(Failures, AreSaidWithQuietToo) {
  const Ended ended = run(R"(
given: {source: range, to: 1}
tried: {from: given, run: ['false']})",
                          {.arguments = {"-q"}});
  EXPECT_NE(ended.err.find("`false` exited with status 1"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
