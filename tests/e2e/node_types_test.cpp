#include <algorithm>
#include <functional>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Node types in pipelines: what their unit tests (tests/nodes) can't see.
class NodeTypes : public EndToEnd {
 protected:
  /// What a pipeline prints.
  std::string shown(const std::string& nodes, Start start = {}) {
    const Ended ended = run(nodes, std::move(start));
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.out;
  }
  /// A file of so many lines "line N".
  void write_lines(int count) {
    std::string text;
    for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\n";
    folder.write("lines.txt", text);
  }
};

TEST_F(NodeTypes, TextsOneBehindTheOther) {
  folder.write("log.txt", "ERROR  disk full (sda)\n\ninfo: ok\n error: no route (eth0)  \n");
  EXPECT_EQ(
      shown("lines: {source: lines, path: log.txt}\n"
            "errors: {from: lines, function: contains, text: error, ignore_case: true}\n"
            "trimmed: {from: errors, function: trim, limit: 1}\n"
            "small: {from: trimmed, function: lower, limit: 1}\n"
            "plain: {from: small, function: replace, regex: ':? +', with: ' '}\n"
            "parts: {from: plain, function: match, emit: record,\n"
            "        regex: 'error (?P<what>.*) [(](?P<where>.*)[)]'}\n"
            "line: {from: parts, function: format, text: '${{ item.where }}: ${{ item.what }}'}\n"
            "ordered: {from: line, function: sort}\n"
            "shown: {from: ordered, sink: print}\n"),
      "eth0: no route\nsda: disk full\n");
}

TEST_F(NodeTypes, TakeEndsASourceThatHasNoEnd) {
  EXPECT_EQ(shown("numbers: {source: range, to: 9000000000000000000}\n"
                  "late: {from: numbers, function: skip, count: 10}\n"
                  "some: {from: late, function: sample, every: 100}\n"
                  "first: {from: some, function: take, count: 3}\n"
                  "shown: {from: first, sink: print}\n"),
            "11\n111\n211\n");
}

TEST_F(NodeTypes, TakeNothingAtAll) {
  EXPECT_EQ(shown("numbers: {source: range, to: 9000000000000000000}\n"
                  "first: {from: numbers, function: take, count: 0}\n"
                  "shown: {from: first, sink: count}\n"),
            "0\n");
}

TEST_F(NodeTypes, TakeOfWhatACollectorGives) {
  EXPECT_EQ(shown("numbers: {source: range, to: 100000}\n"
                  "down: {from: numbers, function: sort, descending: true}\n"
                  "first: {from: down, function: take, count: 2}\n"
                  "shown: {from: first, sink: print}\n"),
            "100000\n99999\n");
}

TEST_F(NodeTypes, NumbersOfNumbers) {
  EXPECT_EQ(shown("numbers: {source: range, to: 100000}\n"
                  "sum: {from: numbers, function: sum}\n"
                  "twice: {from: sum, function: batch, size: 2}\n"
                  "shown: {from: twice, sink: print}\n"),
            "[5000050000]\n");
  EXPECT_EQ(shown("numbers: {source: list, items: [1.5, 2, 0.25]}\n"
                  "least: {from: numbers, function: min}\n"
                  "most: {from: numbers, function: max}\n"
                  "both: {from: [least, most], function: sort}\n"
                  "shown: {from: both, sink: print}\n"),
            "0.25\n2\n");
}

TEST_F(NodeTypes, NumbersOfNothing) {
  // Of what type the sum is has to be known without an item.
  EXPECT_EQ(shown("numbers: {source: list, items: [1.5, 2.5]}\n"
                  "none: {from: numbers, function: skip, count: 2}\n"
                  "sum: {from: none, function: sum}\n"
                  "least: {from: none, function: min}\n"
                  "shown: {from: [sum, least], sink: print}\n"),
            "0\n");
}

TEST_F(NodeTypes, ASumThatDoesNotFitFailsTheRun) {
  const Ended ended =
      run("numbers: {source: list, items: [9223372036854775807, 1]}\n"
          "sum: {from: numbers, function: sum}\n"
          "shown: {from: sum, sink: print}\n");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("the sum doesn't fit the 64 bits of an int"), std::string::npos)
      << ended.err;
}

TEST_F(NodeTypes, WhatIsNoNumberFails) {
  const Ended ended =
      run("texts: {source: list, items: ['1', x, '2']}\n"
          "sum: {from: texts, function: sum}\n"
          "failed: {from: sum.failed, sink: jsonl, path: failed.jsonl}\n"
          "shown: {from: sum, sink: print}\n");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.out, "3\n");
  EXPECT_EQ(Json::parse(folder.read("failed.jsonl")).at("error"), "'x' is no number");
}

TEST_F(NodeTypes, BatchesByTime) {
  // The third item comes only after what the first two became has been seen.
  auto process = begin(
      "lines: {source: lines, path: '-'}\n"
      "two: {from: lines, function: batch, size: 10, within: 50ms}\n"
      "shown: {from: two, sink: print}\n",
      {.input = "a\nb\n", .input_stays_open = true});
  process->wait_for_output("[\"a\",\"b\"]\n");
  process->close_input();
  EXPECT_EQ(process->wait().status, 0);
}

TEST_F(NodeTypes, DedupeSaysWhatItForgot) {
  write_lines(100);
  const Ended ended =
      run("lines: {source: lines, path: lines.txt}\n"
          "again: {source: lines, path: lines.txt}\n"
          "once: {from: [lines, again], function: dedupe, remember: 10}\n"
          "count: {from: once, sink: count}\n");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("[once] forgot "), std::string::npos) << ended.err;
}

TEST_F(NodeTypes, SortsMoreThanItMayHold) {
  write_lines(100'000);
  const Ended ended =
      run("lines: {source: lines, path: lines.txt}\n"
          "ordered: {from: lines, function: sort, memory: 64KiB, descending: true}\n"
          "written: {from: ordered, sink: lines, path: sorted.txt}\n");
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Strings lines = lines_of(folder.read("sorted.txt"));
  ASSERT_EQ(lines.size(), 100'000u);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(), std::greater<>()));
}

TEST_F(NodeTypes, SortLeavesNothingBehind) {
  write_lines(10'000);
  std::filesystem::create_directory(folder.file("tmp"));
  const Start start{.environment = {{"TMPDIR", folder.file("tmp")}}};
  EXPECT_EQ(shown("lines: {source: lines, path: lines.txt}\n"
                  "ordered: {from: lines, function: sort, memory: 64KiB}\n"
                  "first: {from: ordered, function: take, count: 1}\n"
                  "shown: {from: first, sink: print}\n",
                  start),
            "line 1\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder.file("tmp")));
}

TEST_F(NodeTypes, ASortThatCannotWriteFailsTheRun) {
  write_lines(10'000);
  const Ended ended =
      run("lines: {source: lines, path: lines.txt}\n"
          "ordered: {from: lines, function: sort, memory: 64KiB}\n"
          "shown: {from: ordered, sink: print}\n",
          {.environment = {{"TMPDIR", "/nowhere"}}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("can't make a temporary file in '/nowhere': No such file or directory"),
            std::string::npos)
      << ended.err;
}

TEST_F(NodeTypes, ManyWords) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "The quick\tbrown  fox, the lazy dog\n";
  folder.write("words.txt", text);
  EXPECT_EQ(shown("lines: {source: lines, path: words.txt}\n"
                  "words: {from: lines, function: split}\n"
                  "small: {from: words, function: lower}\n"
                  "counts: {from: small, function: count_by}\n"
                  "first: {from: counts, function: take, count: 2}\n"
                  "shown: {from: first, sink: print}\n"),
            "{\"count\":40000,\"key\":\"the\"}\n{\"count\":20000,\"key\":\"brown\"}\n");
}

}  // namespace
}  // namespace weir::e2e
