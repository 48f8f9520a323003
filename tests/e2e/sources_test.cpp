#include <sys/stat.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

class Sources : public EndToEnd {
 protected:
  /// What comes out of a source, as text lines.
  std::string shown(const std::string& source, Start start = {}) {
    const Ended ended =
        run("from_here: {source: " + source + "}\n" + "shown: {from: from_here, sink: print}\n",
            std::move(start));
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.out;
  }
  /// What comes out of it, as JSON.
  Json items(const std::string& source) {
    const Ended ended = run("from_here: {source: " + source + "}\n" +
                            "kept: {from: from_here, sink: jsonl, path: items.jsonl}\n");
    EXPECT_EQ(ended.status, 0) << ended.err;
    Json items = Json::array();
    for (const std::string& line : lines_of(folder.read("items.jsonl"))) {
      items.push_back(Json::parse(line));
    }
    return items;
  }
};

using Range = Sources;

TEST_F(Range, IncludesBothEnds) { EXPECT_EQ(shown("range, to: 3"), "1\n2\n3\n"); }
TEST_F(Range, StartsWhereItIsTold) { EXPECT_EQ(shown("range, start: -1, to: 1"), "-1\n0\n1\n"); }
TEST_F(Range, EndsBeforeAnEndThatItWouldStepOver) {
  EXPECT_EQ(shown("range, to: 6, step: 2"), "1\n3\n5\n");
}
TEST_F(Range, GoesDownWithANegativeStep) {
  EXPECT_EQ(shown("range, start: 3, to: 1, step: -1"), "3\n2\n1\n");
}
TEST_F(Range, OfOneNumberGivesIt) { EXPECT_EQ(shown("range, start: 7, to: 7"), "7\n"); }
TEST_F(Range, IsEmptyIfTheEndIsBehind) { EXPECT_EQ(shown("range, to: 0"), ""); }
TEST_F(Range, EndsAtTheLargestNumberOfAll) {
  EXPECT_EQ(shown("range, start: 9223372036854775805, to: 9223372036854775807, step: 2"),
            "9223372036854775805\n9223372036854775807\n");
}
TEST_F(Range, EndsAtTheSmallestNumberOfAll) {
  EXPECT_EQ(shown("range, start: -9223372036854775807, to: -9223372036854775808, step: -1"),
            "-9223372036854775807\n-9223372036854775808\n");
}

using List = Sources;

TEST_F(List, OfIntsGivesInts) {
  EXPECT_EQ(items("list, items: [3, 0x10, -1]"), Json::parse("[3, 16, -1]"));
}
TEST_F(List, OfIntsAndFloatsGivesFloats) {
  EXPECT_EQ(items("list, items: [1, 2.5]"), Json::parse("[1.0, 2.5]"));
  EXPECT_EQ(folder.read("items.jsonl"), "1\n2.5\n");
}
TEST_F(List, OfBoolsGivesBools) {
  EXPECT_EQ(items("list, items: [true, False]"), Json::parse("[true, false]"));
}
TEST_F(List, OfTextsGivesTexts) {
  EXPECT_EQ(items("list, items: [a, '', \"b\\n\", ä]"), Json::parse(R"(["a", "", "b\n", "ä"])"));
}
TEST_F(List, OfDifferentScalarsGivesTextsAsTheyWereWritten) {
  EXPECT_EQ(items("list, items: [1.10, true, yes]"), Json::parse(R"(["1.10", "true", "yes"])"));
}
TEST_F(List, OfMapsGivesRecords) {
  EXPECT_EQ(items("list, items: [{name: a, tags: [x, 1]}, [2]]"),
            Json::parse(R"([{"name": "a", "tags": ["x", 1]}, [2]])"));
}
TEST_F(List, MayBeEmpty) { EXPECT_EQ(items("list, items: []"), Json::array()); }

using Lines = Sources;

TEST_F(Lines, OfAFile) {
  folder.write("words.txt", "one\n\n two \n");
  EXPECT_EQ(shown("lines, path: words.txt"), "one\n\n two \n");
}
TEST_F(Lines, TakesALastOneWithoutItsNewline) {
  folder.write("words.txt", "one\ntwo");
  EXPECT_EQ(items("lines, path: words.txt"), Json({"one", "two"}));
}
TEST_F(Lines, OfAnEmptyFileAreNone) {
  folder.write("words.txt", "");
  EXPECT_EQ(items("lines, path: words.txt"), Json::array());
}
TEST_F(Lines, OfAFileThatIsOneNewlineIsOneEmptyLine) {
  folder.write("words.txt", "\n");
  EXPECT_EQ(items("lines, path: words.txt"), Json({""}));
}
TEST_F(Lines, KeepCarriageReturns) {
  folder.write("words.txt", "one\r\ntwo\r\n");
  EXPECT_EQ(items("lines, path: words.txt"), Json({"one\r", "two\r"}));
}
TEST_F(Lines, KeepEveryByte) {
  const std::string bytes("\x00\xff\xfe\x1b[31m\x80", 9);
  folder.write("bytes", bytes + "\n" + bytes);
  EXPECT_EQ(shown("lines, path: bytes"), bytes + "\n" + bytes + "\n");
}
TEST_F(Lines, MayBeLongerThanAnyBuffer) {
  const std::string long_line(5'000'000, 'x');
  folder.write("long.txt", "a\n" + long_line + "\nb\n");
  EXPECT_TRUE(shown("lines, path: long.txt") == "a\n" + long_line + "\nb\n");
}
TEST_F(Lines, ThatNobodyShouldHoldInMemoryAreAnError) {
  folder.write("endless", "");
  std::filesystem::resize_file(folder.file("endless"), 80 << 20);  // one line of NULs, no disk
  const Ended ended = run("a: {source: lines, path: endless}\nb: {from: a, sink: discard}");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("over 64 MiB"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("'endless'"), std::string::npos) << ended.err;
}
TEST_F(Lines, OfStandardInput) {
  EXPECT_EQ(shown("lines, path: '-'", {.input = "a\nb"}), "a\nb\n");
}
TEST_F(Lines, OfStandardInputComeBeforeItEnds) {
  const auto process = begin("typed: {source: lines, path: '-'}\nshown: {from: typed, sink: print}",
                             {.input = "first\n", .input_stays_open = true});
  process->wait_for_output("first\n");
  process->close_input();
  EXPECT_EQ(process->wait().status, 0);
}
TEST_F(Lines, OfASlowPipeGoOutOneByOne) {
  const auto process = begin("typed: {source: lines, path: '-'}\nshown: {from: typed, sink: print}",
                             {.input_stays_open = true});
  for (int i = 1; i <= 20; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    process->write(line.substr(0, 3));
    process->write(line.substr(3));
    process->wait_for_output(line);
  }
  process->write("a last one without a newline");
  process->close_input();
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(ended.out.ends_with("line 20\na last one without a newline\n")) << ended.out;
}
TEST_F(Lines, OfASlowPipeGoThroughCommandsOneByOne) {
  const auto process = begin(R"(
typed: {source: lines, path: '-'}
held: {from: typed, queue: fifo}
echoed: {from: held, limit: 2, run: [echo, '${{ item }}'], emit: stdout}
shown: {from: echoed, sink: lines, path: '-'})",
                             {.input_stays_open = true});
  for (const std::string line : {"one\n", "two\n", "three\n"}) {
    process->write(line);
    process->wait_for_output(line);
  }
  process->close_input();
  EXPECT_EQ(process->wait().status, 0);
}
TEST_F(Lines, OfANamedPipeEndWhenItsWritersHave) {
  ASSERT_EQ(mkfifo(folder.file("pipe").c_str(), 0600), 0);
  const auto process = begin("a: {source: lines, path: pipe}\nb: {from: a, sink: print}");
  Process writer("/bin/sh", {.arguments = {"-c", "seq 1 1000 >pipe"}, .folder = folder.path()});
  EXPECT_EQ(writer.wait().status, 0);
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Strings lines = lines_of(ended.out);
  ASSERT_EQ(lines.size(), 1000U);
  EXPECT_EQ(lines[999], "1000");
}
TEST_F(Lines, OfClosedStandardInputStopTheRun) {
  const Ended ended =
      run_in_shell("<&-", "a: {source: lines, path: '-'}\nb: {from: a, sink: print}");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("weir: error: a: can't read standard input: Bad file descriptor\n"),
            std::string::npos)
      << ended.err;
}
TEST_F(Lines, AreNotTakenFromStandardInputByAnybodyElse) {
  const Ended ended = run_in_shell("<&-", R"(
a: {source: range, to: 2}
b: {from: a, run: [sh, -c, 'cat; echo $N'], env: {N: '${{ item }}'}, emit: stdout, limit: 1}
c: {from: b, sink: print})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n2\n");
}
TEST_F(Lines, AreManyAndInOrder) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i) + "\n";
  folder.write("many.txt", text);
  EXPECT_TRUE(shown("lines, path: many.txt") == text);
}
TEST_F(Lines, OfAFileThatIsNotThereStopTheRun) {
  const Ended ended = run("a: {source: lines, path: nowhere.txt}\nb: {from: a, sink: count}");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("weir: error: a: can't open 'nowhere.txt': No such file or directory"),
            std::string::npos)
      << ended.err;
}
TEST_F(Lines, OfAFolderStopTheRun) {
  const Ended ended = run("a: {source: lines, path: .}\nb: {from: a, sink: count}");
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("can't read '.': Is a directory"), std::string::npos) << ended.err;
}

using Glob = Sources;

TEST_F(Glob, GivesPathsInAlphabeticalOrder) {
  for (const char* name : {"b.txt", "a.txt", "c.tar", "deeper/d.txt"}) folder.write(name, "");
  EXPECT_EQ(shown("glob, pattern: '*.txt'"), "a.txt\nb.txt\n");
  EXPECT_EQ(shown("glob, pattern: '*/*.txt'"), "deeper/d.txt\n");
}
TEST_F(Glob, KnowsBraces) {
  for (const char* name : {"a1.txt", "b1.txt", "c1.txt"}) folder.write(name, "");
  EXPECT_EQ(shown("glob, pattern: '{a,c}?.txt'"), "a1.txt\nc1.txt\n");
}
TEST_F(Glob, GivesNamesWithOddCharactersAsTheyAre) {
  folder.write("a b$(x)'\n.txt", "");
  EXPECT_EQ(items("glob, pattern: '*.txt'"), Json({"a b$(x)'\n.txt"}));
}
TEST_F(Glob, ThatMatchesNothingSaysSoAndGivesNothing) {
  const Ended ended = run("a: {source: glob, pattern: 'no*'}\nb: {from: a, sink: count}");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "0\n");
  EXPECT_NE(ended.err.find("[a] nothing matches 'no*'\n"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
