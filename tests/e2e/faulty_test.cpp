#include <algorithm>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// What weir says where a plugin's code throws outside of a call operator (tests/e2e/faulty.cpp):
/// one error that names the culprit, and never a crash.
class FaultyPlugins : public EndToEnd {
 protected:
  Ended run_with(const std::string& nodes) {
    const Ended ended =
        run(nodes, {.arguments = {"--plugin", WEIR_FAULTY, "--summary-file", "summary.json"}});
    EXPECT_EQ(ended.signal, 0) << "it crashed";
    return ended;
  }
  /// Of a run: its errors, and its accounts, which balance all the same.
  static void expect_errors(const Ended& ended, const Strings& errors) {
    EXPECT_EQ(ended.status, 3);
    Strings said;
    for (const std::string& line : lines_of(ended.err)) {
      if (line.find("error: ") != std::string::npos) said.push_back(line);
    }
    EXPECT_EQ(said, errors) << ended.err;
  }
  /// Of a file: nothing was started.
  void expect_refused(const Ended& ended, const std::string& error) const {
    EXPECT_EQ(ended.status, 2);
    EXPECT_NE(ended.err.find(error + "\n"), std::string::npos) << ended.err;
    const Strings lines = lines_of(ended.err);
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const std::string& line) {
                              return line.find(": error: ") != std::string::npos;
                            }),
              1)
        << ended.err;
    EXPECT_FALSE(folder.has("summary.json"));
  }
};

TEST_F(FaultyPlugins, MayHaveItemsWithoutWordsThatFail) {
  const Ended ended = run_with(R"(
numbers: {source: range, to: 2}
hidden: {from: numbers, function: hide}
failing: {from: hidden, function: fail}
nothing: {from: failing, sink: discard}
why: {from: failing.failed, sink: jsonl, path: failed.jsonl})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("[failing] failed <?>: no\n"), std::string::npos) << ended.err;
  EXPECT_EQ(summary().at("nodes").at("failing").at("failed"), 2);
  const Strings records = lines_of(folder.read("failed.jsonl"));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(Json::parse(records[0]).at("item"), "<?>");
}

TEST_F(FaultyPlugins, MayHaveItemsWithoutWordsThatFailAfterAWait) {
  const Ended ended = run_with(R"(
numbers: {source: range, to: 2}
hidden: {from: numbers, function: hide}
failing: {from: hidden, function: wait_and_fail})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("<?>: no\n"), std::string::npos) << ended.err;
  EXPECT_EQ(summary().at("nodes").at("failing").at("failed"), 2);
}

TEST_F(FaultyPlugins, MayHaveItemsWithoutWordsThatAreDone) {
  const Ended ended = run_with(R"(
numbers: {source: range, to: 2}
hidden: {from: numbers, function: hide}
waited: {from: hidden, function: wait}
all: {from: waited, sink: count})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "2\n");
  EXPECT_NE(ended.err.find(" <?>\n"), std::string::npos) << ended.err;
}

TEST_F(FaultyPlugins, FailItemsWhoseTextATemplateWants) {
  const Ended ended = run_with(R"(
numbers: {source: range, to: 2}
hidden: {from: numbers, function: hide}
named: {from: hidden, function: format, text: '<${{ item }}>'}
echoed: {from: hidden, run: [echo, '${{ item }}']}
shown: {from: named, sink: print})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("[named] failed <?>: it has no words\n"), std::string::npos)
      << ended.err;
  EXPECT_EQ(summary().at("nodes").at("named").at("failed"), 2);
  EXPECT_EQ(summary().at("nodes").at("echoed").at("failed"), 2);
}

TEST_F(FaultyPlugins, StopARunThatWritesWhatHasNoWords) {
  for (const std::string sink :
       {"print", "lines, path: out", "jsonl, path: out", "lines, path: '-'"}) {
    const Ended ended = run_with(
        "numbers: {source: range, to: 3}\n"
        "hidden: {from: numbers, function: hide}\n"
        "shown: {from: hidden, sink: " +
        sink + "}\n");
    expect_errors(ended, {"weir: error: shown: it has no words"});
    EXPECT_EQ(ended.out, "") << "half a line";
    EXPECT_FALSE(folder.has("out"));
    summary();
  }
}

TEST_F(FaultyPlugins, StopARunWhoseItemsThrowWhenTheyAreCopied) {
  // Of two sinks that take an item by value, one has to copy it. Which one is not said.
  const Ended ended = run_with(R"(
numbers: {source: range, to: 3}
single: {from: numbers, function: single}
first: {from: single, sink: take}
second: {from: single, sink: take})");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("there can be but one"), std::string::npos) << ended.err;
  summary();
}

TEST_F(FaultyPlugins, MustSayWhatTheyGiveOut) {
  const Ended ended = run_with(R"(
numbers: {source: range, to: 1}
unsure: {from: numbers, function: unsure}
shown: {from: unsure, sink: print})");
  EXPECT_NE(ended.err.find("who knows"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("test.yaml:5:"), std::string::npos) << ended.err;
  EXPECT_EQ(ended.status, 2);
}

TEST_F(FaultyPlugins, ThatCannotMakeANodeAreAnErrorOfTheFile) {
  expect_refused(run_with("a: {source: range, to: 1}\nb: {from: a, sink: unmade}"),
                 "test.yaml:4:22: error: 'unmade' can't be made: its constructor throws");
}

TEST_F(FaultyPlugins, ThatCannotMakeANodeAgainStopTheRunBeforeItBegins) {
  const Ended ended = run_with(
      "a: {source: range, to: 1}\nb: {from: a, run: [touch, started]}\nc: {from: a, sink: "
      "made_once}");
  expect_errors(ended, {"weir: error: c: it can't be made: once is enough"});
  EXPECT_FALSE(folder.has("started"));
}

TEST_F(FaultyPlugins, RefuseParametersInWords) {
  expect_refused(run_with("a: {source: range, to: 1}\nb: {from: a, sink: refuses}"),
                 "test.yaml:4:22: error: an exception that is not a std::exception");
  expect_refused(run_with("a: {source: range, to: 1}\nb: {from: a, sink: refuses_in_silence}"),
                 "test.yaml:4:22: error: an error without a text");
  expect_refused(run_with("a: {source: range, to: 1}\nb: {from: a, sink: settled, setting: x}"),
                 "test.yaml:4:40: error: 'setting': an exception that is not a std::exception");
}

TEST_F(FaultyPlugins, ThatCannotStartStopTheRunBeforeItBegins) {
  const Ended ended = run_with(
      "a: {source: range, to: 1}\nb: {from: a, run: [touch, started]}\n"
      "c: {from: a, sink: never_starts}");
  expect_errors(ended, {"weir: error: c: an exception that is not a std::exception"});
  EXPECT_FALSE(folder.has("started"));
  summary();
}

TEST_F(FaultyPlugins, ThatCannotFinishLeaveTheOthersToFinish) {
  const Ended ended = run_with(R"(
a: {source: range, to: 2}
b: {from: a, sink: never_finishes}
c: {from: a, sink: count})");
  expect_errors(ended, {"weir: error: b: an exception that is not a std::exception"});
  EXPECT_EQ(ended.out, "2\n");
  EXPECT_EQ(summary().at("nodes").at("b").at("done"), 2);
}

TEST_F(FaultyPlugins, WithSourcesThatThrowStopTheRun) {
  const Ended ended = run_with("a: {source: dries}\nb: {from: a, sink: count}");
  expect_errors(ended, {"weir: error: a: an exception that is not a std::exception"});
  summary();
}

}  // namespace
}  // namespace weir::e2e
