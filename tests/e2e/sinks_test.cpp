#include <csignal>
#include <map>

#include "support.hpp"

namespace weir::e2e {
namespace {

class Sinks : public EndToEnd {
 protected:
  void expect_error(const Ended& ended, const std::string& text) const {
    EXPECT_EQ(ended.status, 3);
    EXPECT_NE(ended.err.find("weir: error: " + text), std::string::npos) << ended.err;
  }
};

TEST_F(Sinks, CountPrintsTheTotal) {
  EXPECT_EQ(run("a: {source: range, to: 100000}\nb: {from: a, sink: count}").out, "100000\n");
}
TEST_F(Sinks, CountOfNothingIsZero) {
  EXPECT_EQ(run("a: {source: range, to: 0}\nb: {from: a, sink: count}").out, "0\n");
}
TEST_F(Sinks, DiscardSaysNothing) {
  const Ended ended = run("a: {source: range, to: 5}\nb: {from: a, sink: discard}");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "");
}
TEST_F(Sinks, PrintWritesRecordsAsJson) {
  EXPECT_EQ(run("a: {source: list, items: [{b: 1, a: [x]}]}\nb: {from: a, sink: print}").out,
            "{\"a\":[\"x\"],\"b\":1}\n");
}
TEST_F(Sinks, JsonlWritesEachTypeInItsOwnForm) {
  run(R"(
ints: {source: list, items: [1, -2]}
floats: {source: list, items: [0.5]}
bools: {source: list, items: [true]}
texts: {source: list, items: ["say \"hi\"\n"]}
records: {source: list, items: [{a: null}]}
all: {from: [ints, floats, bools, texts, records], sink: jsonl, path: all.jsonl})");
  Strings lines = lines_of(folder.read("all.jsonl"));
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines, (Strings{"\"say \\\"hi\\\"\\n\"", "-2", "0.5", "1", "true", "{\"a\":null}"}));
}
TEST_F(Sinks, JsonlReplacesWhatIsNotUtf8) {
  folder.write("in.txt",
               "a\xff"
               "b\n");
  run("a: {source: lines, path: in.txt}\nb: {from: a, sink: jsonl, path: out.jsonl}");
  EXPECT_EQ(folder.read("out.jsonl"),
            "\"a\xEF\xBF\xBD"
            "b\"\n");
}
TEST_F(Sinks, JsonlHasNullForWhatJsonHasNoNumberFor) {
  run("a: {source: list, items: [.nan, .inf, 1.0]}\nb: {from: a, sink: jsonl, path: out.jsonl}");
  EXPECT_EQ(folder.read("out.jsonl"), "null\nnull\n1\n");
}
TEST_F(Sinks, LinesWriteBytesAsTheyAre) {
  const std::string bytes("\x00\xff\r", 3);
  folder.write("in", bytes);
  run("a: {source: lines, path: in}\nb: {from: a, sink: lines, path: out}");
  EXPECT_EQ(folder.read("out"), bytes + "\n");
}
TEST_F(Sinks, MakeAFileEvenIfNothingComes) {
  run("a: {source: range, to: 0}\nb: {from: a, sink: lines, path: out}");
  EXPECT_EQ(folder.read("out"), "");
}

TEST_F(Sinks, LeaveTheOldFileAsItIsUntilTheEnd) {
  folder.write("out", "old\n");
  Signpost started(folder, "started");
  Signpost go_on(folder, "go_on");
  const auto process = begin(R"(
a: {source: list, items: [new]}
b: {from: a, sink: lines, path: out}
c: {from: a, shell: 'echo >started; read -r line <go_on'})");
  started.read_line();
  EXPECT_EQ(folder.read("out"), "old\n");
  EXPECT_TRUE(folder.has("out.part"));
  go_on.write_line("now");
  EXPECT_EQ(process->wait().status, 0);
  EXPECT_EQ(folder.read("out"), "new\n");
  EXPECT_FALSE(folder.has("out.part"));
}

TEST_F(Sinks, KeepTheOldFileIfWhatIsBeforeThemCanNotFinish) {
  folder.write("out", "old\n");
  const Ended ended = run(R"(
a: {source: range, to: 100000}
b: {from: a, function: sort, memory: 64KiB}
c: {from: b, sink: lines, path: out})",
                          {.environment = {{"TMPDIR", "/nowhere"}}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(folder.read("out"), "old\n");
}

TEST_F(Sinks, KeepTheOldFileIfTheRunIsStopped) {
  folder.write("out", "old\n");
  Signpost started(folder, "started");
  const auto process = begin(R"(
a: {source: list, items: [new]}
b: {from: a, sink: lines, path: out}
c: {from: a, shell: 'until [ -s out.part ]; do :; done; echo >started; exec sleep 1000'})");
  started.read_line();
  process->send(SIGINT);
  process->wait_for_error("once more to end it");
  process->send(SIGINT);
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(folder.read("out"), "old\n");
  EXPECT_EQ(folder.read("out.part"), "new\n");
  EXPECT_NE(ended.err.find("[b] the run did not come to its end: what was written is in "),
            std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("out.part'"), std::string::npos) << ended.err;
}

TEST_F(Sinks, RenameTheFileIfItemsFailed) {
  const Ended ended = run(R"(
a: {source: range, to: 2}
b: {from: a, shell: 'test "$N" = 1', env: {N: '${{ item }}'}}
c: {from: b, sink: lines, path: out})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(folder.read("out"), "1\n");
}

TEST_F(Sinks, ReplaceTheFileBehindALinkAndKeepTheLink) {
  folder.write("data/real", "old\n");
  std::filesystem::create_symlink("data/real", folder.file("link"));
  EXPECT_EQ(run("a: {source: list, items: [new]}\nb: {from: a, sink: lines, path: link}").status,
            0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link")));
  EXPECT_EQ(folder.read("data/real"), "new\n");
}

TEST_F(Sinks, WriteDirectlyToWhatIsNoRegularFile) {
  Signpost pipe(folder, "pipe");
  EXPECT_EQ(run("a: {source: list, items: [x]}\nb: {from: a, sink: lines, path: pipe}").status, 0);
  EXPECT_EQ(pipe.read_line(), "x");
  EXPECT_FALSE(folder.has("pipe.part"));
}

TEST_F(Sinks, OfTwoRunsAtOnceHaveAFileEach) {
  Signpost started(folder, "started");
  Signpost go_on(folder, "go_on");
  const auto first = begin(R"(
a: {source: list, items: [first]}
b: {from: a, sink: lines, path: out}
c: {from: a, shell: 'echo >started; read -r line <go_on'})");
  started.read_line();
  expect_error(run("a: {source: list, items: [second]}\nb: {from: a, sink: lines, path: out}"),
               "b: ");
  go_on.write_line("now");
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(folder.read("out"), "first\n");
}

TEST_F(Sinks, KeepOtherRunsOfTheirPipelineFromTheirFile) {
  const std::string nodes = "a: {source: lines, path: '-'}\nb: {from: a, sink: lines, path: out}";
  const Start open{.input = "first\n", .input_stays_open = true};
  const auto first = begin(nodes + "\nc: {from: a, sink: print}", open);
  first->wait_for_output("first\n");  // it has begun
  const Ended second = run(nodes, {.input = "second\n"});
  expect_error(second, "b: '");
  EXPECT_NE(second.err.find("out.part' is being written by another sink or another run\n"),
            std::string::npos)
      << second.err;
  first->close_input();
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(folder.read("out"), "first\n");
  EXPECT_EQ(run(nodes, {.input = "third\n"}).status, 0);
  EXPECT_EQ(folder.read("out"), "third\n");
}

TEST_F(Sinks, MayTakeAFileThatAStoppedRunHasLeft) {
  const std::string nodes = "a: {source: lines, path: '-'}\nb: {from: a, sink: lines, path: out}";
  const auto stopped = begin(nodes + "\nc: {from: a, sink: print}",
                             {.input = "a long line\n", .input_stays_open = true});
  stopped->wait_for_output("a long line\n");
  stopped->send(SIGTERM);
  EXPECT_EQ(stopped->wait().status, 143);
  EXPECT_EQ(folder.read("out.part"), "a long line\n");
  EXPECT_EQ(run(nodes, {.input = "new\n"}).status, 0);
  EXPECT_EQ(folder.read("out"), "new\n");
  EXPECT_FALSE(folder.has("out.part"));
}

TEST_F(Sinks, WriteLinesToStandardOutput) {
  const Ended ended =
      run("a: {source: list, items: [x, \"\"]}\nb: {from: a, sink: lines, path: '-'}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "x\n\n");
  EXPECT_FALSE(folder.has("-.part"));
}
TEST_F(Sinks, WriteJsonToStandardOutput) {
  const Ended ended =
      run("a: {source: list, items: [x, \"\"]}\nb: {from: a, sink: jsonl, path: '-'}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "\"x\"\n\"\"\n");
}

TEST_F(Sinks, AppendToStandardOutputThatIsAFile) {
  // By either name, and by the name of the file itself: it is neither emptied nor replaced.
  for (const std::string path : {"'-'", "/dev/stdout", "out"}) {
    folder.write("out", "old\n");
    std::filesystem::create_hard_link(folder.file("out"), folder.file("same"));
    folder.write("test.yaml", pipeline("a: {source: list, items: [x, y]}\n"
                                       "b: {from: a, sink: lines, path: " +
                                       path + "}\n"));
    const Ended ended =
        Process("/bin/sh",
                {.arguments = {"-c",
                               "exec >>out; echo before; \"$0\" run test.yaml; echo \"status $?\"",
                               WEIR_BINARY},
                 .folder = folder.path()})
            .wait();
    EXPECT_EQ(folder.read("out"), "old\nbefore\nx\ny\nstatus 0\n") << path << ended.err;
    EXPECT_TRUE(std::filesystem::equivalent(folder.file("out"), folder.file("same"))) << path;
    EXPECT_FALSE(folder.has("out.part")) << path;
    std::filesystem::remove(folder.file("same"));
  }
}
TEST_F(Sinks, GoOnWhereStandardOutputThatIsAFileWasLeft) {
  // `>` rather than `>>`: what others write by the same descriptor stays, before and behind.
  for (const std::string sink :
       {"print", "lines, path: '-'", "jsonl, path: '-'", "lines, path: /dev/stdout"}) {
    folder.write("test.yaml",
                 pipeline("a: {source: list, items: [1, 2]}\nb: {from: a, sink: " + sink + "}\n"));
    const Ended ended =
        Process(
            "/bin/sh",
            {.arguments = {"-c", "exec >out; echo before; \"$0\" run test.yaml; echo \"status $?\"",
                           WEIR_BINARY},
             .folder = folder.path()})
            .wait();
    EXPECT_EQ(folder.read("out"), "before\n1\n2\nstatus 0\n") << sink << ended.err;
  }
}

TEST_F(Sinks, ThatWriteToClosedStandardOutputStopTheRun) {
  for (const std::string sink : {"print", "count", "lines, path: '-'", "jsonl, path: '-'"}) {
    const Ended ended =
        run_in_shell(">&-", "a: {source: range, to: 3}\nb: {from: a, sink: " + sink + "}");
    expect_error(ended, "b: ");
    EXPECT_NE(ended.err.find("Bad file descriptor\n"), std::string::npos) << ended.err;
  }
}
TEST_F(Sinks, ThatDoNotWriteToClosedStandardOutputDoNotMind) {
  const Ended ended =
      run_in_shell(">&- <&-", "a: {source: range, to: 3}\nb: {from: a, sink: lines, path: out}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(folder.read("out"), "1\n2\n3\n");
}

TEST_F(Sinks, MayAllWriteStandardOutputAndTheirLinesDoNotMix) {
  const Ended ended = run(R"(
a: {source: range, to: 20000}
b: {from: a, sink: lines, path: '-'}
c: {from: a, sink: jsonl, path: '-'}
d: {from: a, sink: print})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  std::map<std::string, int> seen;
  for (const std::string& line : lines_of(ended.out)) ++seen[line];
  EXPECT_EQ(seen.size(), 20000U);
  for (const auto& [line, times] : seen) ASSERT_EQ(times, 3) << line;
}

TEST_F(Sinks, ThatHaveNoFolderStopTheRunBeforeItBegins) {
  const Ended ended = run(R"(
a: {source: range, to: 1}
b: {from: a, sink: lines, path: nowhere/out}
c: {from: a, run: [touch, hacked]})");
  expect_error(ended, "b: can't create 'nowhere/out.part': No such file or directory");
  EXPECT_FALSE(folder.has("hacked"));
}
TEST_F(Sinks, ThatAreToldAFolderStopTheRun) {
  expect_error(run("a: {source: range, to: 1}\nb: {from: a, sink: lines, path: .}"),
               "b: can't write '.': Is a directory");
}
TEST_F(Sinks, ThatFindTheDiskFullStopTheRun) {
  expect_error(run("a: {source: range, to: 1}\nb: {from: a, sink: lines, path: /dev/full}"),
               "b: can't write '/dev/full': No space left on device");
}
TEST_F(Sinks, ThatFindTheDiskFullInTheMiddleStopAnEndlessSource) {
  expect_error(
      run("a: {source: range, to: 9000000000000}\nb: {from: a, sink: lines, path: /dev/full}"),
      "b: can't write '/dev/full': No space left on device");
}
TEST_F(Sinks, ThatPrintToAPipeThatNobodyReadsStopTheRun) {
  expect_error(run("a: {source: range, to: 9000000000000}\nb: {from: a, sink: print}",
                   {.output_is_closed = true}),
               "b: ");
}
TEST_F(Sinks, ThatCountIntoAPipeThatNobodyReadsAreAnErrorToo) {
  expect_error(
      run("a: {source: range, to: 3}\nb: {from: a, sink: count}", {.output_is_closed = true}),
      "b: ");
}

}  // namespace
}  // namespace weir::e2e
