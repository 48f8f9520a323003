#include <chrono>
#include <csignal>
#include <sys/stat.h>
#include <thread>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// A signal in the middle of a run.
class Stop : public EndToEnd {
 protected:
  using Clock = std::chrono::steady_clock;

  /// A run of these nodes that bears the mark and writes a summary.
  std::unique_ptr<Process> begin_marked(const std::string& nodes, Start start = {}) {
    start.arguments = {"--summary-file", "summary.json"};
    start.environment = {mark.entry()};
    return begin(nodes, start);
  }
  /// The first signal lets what runs finish, the second ends it.
  static void send_twice(Process& process, int signal) {
    process.send(signal);
    process.wait_for_error("once more to end");
    process.send(signal);
  }
  /// Of a stopped run: nothing is left, and the summary says what became of it.
  Json expect_stopped(const Ended& ended, int signal) {
    EXPECT_EQ(ended.signal, 0) << "killed, not stopped";
    EXPECT_EQ(ended.status, 128 + signal) << ended.err;
    EXPECT_EQ(mark.bearers(), Strings());
    const Json summary = this->summary();
    EXPECT_EQ(summary.at("outcome"), "stopped");
    EXPECT_EQ(summary.at("exit_code"), 128 + signal);
    return summary;
  }

  const Mark mark;
};

TEST_F(Stop, BySigintIsStatus130) {
  Signpost started(folder, "started");
  const auto process = begin_marked(
      "a: {source: range, to: 1}\nb: {from: a, shell: 'echo >started; exec sleep 1000'}");
  started.read_line();
  send_twice(*process, SIGINT);
  const Ended ended = process->wait();
  const Json summary = expect_stopped(ended, SIGINT);
  EXPECT_EQ(summary.at("nodes").at("b").at("cancelled"), 1);
  EXPECT_NE(ended.err.find("weir: stopping (Interrupt): waiting for what runs (b: 1); once more to "
                           "end it\n"),
            std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("weir: ending 1 command: TERM, and KILL after 5 s; once more to kill it "
                           "at once\n"),
            std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("test: stopped in "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find(", 1 cancelled\n"), std::string::npos) << ended.err;
}

TEST_F(Stop, BySigtermIsStatus143) {
  Signpost started(folder, "started");
  const auto process = begin_marked(
      "a: {source: range, to: 1}\nb: {from: a, shell: 'echo >started; exec sleep 1000'}");
  started.read_line();
  send_twice(*process, SIGTERM);
  expect_stopped(process->wait(), SIGTERM);
}

TEST_F(Stop, EndsAllCommandsAndStartsNoMore) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 500}
held: {from: a, queue: fifo}
b: {from: held, limit: 20, shell: 'echo $N >started; exec sleep 1000', env: {N: '${{ item }}'}})");
  for (int i = 0; i < 20; ++i) started.read_line();
  send_twice(*process, SIGINT);
  const Json summary = expect_stopped(process->wait(), SIGINT);
  EXPECT_EQ(summary.at("nodes").at("b").at("done"), 0);
  EXPECT_EQ(summary.at("nodes").at("b").at("peak_running"), 20);
}

TEST_F(Stop, LetsACommandEndItself) {
  Signpost started(folder, "started");
  folder.write("work.sh",
               "trap 'echo cleaned >clean; exit 0' TERM\n"
               "sh -c 'echo >started; exec sleep 1000' & wait\n");
  const auto process = begin_marked("a: {source: range, to: 1}\nb: {from: a, run: [sh, work.sh]}");
  started.read_line();
  send_twice(*process, SIGINT);
  expect_stopped(process->wait(), SIGINT);
  EXPECT_EQ(folder.read("clean"), "cleaned\n");
}

TEST_F(Stop, EndsWhatACommandHasStarted) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 3}
b: {from: a, shell: '(sleep 1000 & sleep 1000) & sleep 1000 & echo >started; wait'})");
  for (int i = 0; i < 3; ++i) started.read_line();
  send_twice(*process, SIGINT);
  expect_stopped(process->wait(), SIGINT);
}

TEST_F(Stop, EndsWhatACommandHasStartedInASessionOfItsOwn) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 3}
b: {from: a, shell: 'setsid sh -c "echo >started; exec sleep 1000" & wait'})");
  for (int i = 0; i < 3; ++i) started.read_line();
  send_twice(*process, SIGINT);
  expect_stopped(process->wait(), SIGINT);
}

TEST_F(Stop, KillsWhatDoesNotEndInFiveSeconds) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 2}
b: {from: a, shell: 'trap "" TERM; echo >started; while :; do sleep 1000; done'})");
  for (int i = 0; i < 2; ++i) started.read_line();
  const Clock::time_point sent = Clock::now();
  send_twice(*process, SIGINT);
  expect_stopped(process->wait(), SIGINT);
  EXPECT_GE(Clock::now() - sent, std::chrono::milliseconds(4900));
}

TEST_F(Stop, KillsAtOnceWhenToldThreeTimes) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 2}
b: {from: a, shell: 'trap "" TERM INT; echo >started; while :; do sleep 1000; done'})");
  for (int i = 0; i < 2; ++i) started.read_line();
  const Clock::time_point sent = Clock::now();
  send_twice(*process, SIGINT);
  process->wait_for_error("once more to kill them");
  process->send(SIGINT);
  expect_stopped(process->wait(), SIGINT);
  EXPECT_LT(Clock::now() - sent, std::chrono::milliseconds(4500));
}

TEST_F(Stop, KillsAtOnceBySigquit) {
  Signpost started(folder, "started");
  folder.write("work.sh",
               "trap 'echo asked >asked' TERM\n"
               "trap '' QUIT\n"
               "echo >started; while :; do sleep 1000; done\n");
  const auto process = begin_marked("a: {source: range, to: 2}\nb: {from: a, run: [sh, work.sh]}");
  for (int i = 0; i < 2; ++i) started.read_line();
  const Clock::time_point sent = Clock::now();
  process->send(SIGQUIT);
  const Ended ended = process->wait();
  const Json summary = expect_stopped(ended, SIGQUIT);
  EXPECT_EQ(summary.at("nodes").at("b").at("cancelled"), 2);
  EXPECT_LT(Clock::now() - sent, std::chrono::milliseconds(4500));  // the grace is 5 s
  EXPECT_FALSE(folder.has("core"));
}

TEST_F(Stop, IsNotDisturbedByManySignals) {
  Signpost started(folder, "started");
  const auto process = begin_marked(
      "a: {source: range, to: 9}\nb: {from: a, shell: 'echo >started; exec sleep 1000'}");
  for (int i = 0; i < 9; ++i) started.read_line();
  for (int i = 0; i < 50; ++i) process->send(i % 2 == 0 ? SIGTERM : SIGINT);
  const Ended ended = process->wait();
  // Which of the two came first is up to the kernel.
  expect_stopped(ended, ended.status - 128);
}

TEST_F(Stop, DoesNotTakeTheSummaryOfARunThatIsOver) {
  // The run is over when `count` prints. Then weir waits for a reader of its summary. So many
  // signals that some come before it has put its handlers away, and some behind.
  ASSERT_EQ(mkfifo(folder.file("pipe").c_str(), 0600), 0);
  const auto process = begin("a: {source: range, to: 3}\nb: {from: a, sink: count}",
                             {.arguments = {"--summary-file", "pipe"}});
  process->wait_for_output("3\n");
  for (int i = 0; i < 20000; ++i) process->send(i % 2 == 0 ? SIGINT : SIGTERM);
  const Ended summary =
      Process("/bin/cat", {.arguments = {"pipe"}, .folder = folder.path()}).wait();
  EXPECT_EQ(Json::parse(summary.out).at("outcome"), "done");
  const Ended ended = process->wait();
  EXPECT_EQ(ended.signal, 0) << "killed";
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(Stop, EndsSleepersAtOnce) {
  const auto process = begin_marked(R"(
a: {source: range, to: 100}
b: {from: a, function: sleep, for: 1h}
c: {from: a, queue: fifo}
d: {from: c, limit: 1, run: ['true']})");
  process->wait_for_error("[d 100/100] done ");
  send_twice(*process, SIGINT);
  const Json summary = expect_stopped(process->wait(), SIGINT);
  EXPECT_EQ(summary.at("nodes").at("b").at("cancelled"), 100);
}

TEST_F(Stop, EndsASourceThatWaitsForInput) {
  const auto process = begin_marked("a: {source: lines, path: '-'}\nb: {from: a, sink: print}",
                                    {.input = "first\n", .input_stays_open = true});
  process->wait_for_output("first\n");
  process->send(SIGINT);
  const Json summary = expect_stopped(process->wait(), SIGINT);
  EXPECT_EQ(summary.at("nodes").at("a").at("out"), 1);
}

TEST_F(Stop, EndsASourceThatWaitsAtANamedPipe) {
  Signpost pipe(folder, "pipe");
  pipe.write_line("first");
  const auto process = begin_marked("a: {source: lines, path: pipe}\nb: {from: a, sink: print}");
  process->wait_for_output("first\n");
  process->send(SIGTERM);
  expect_stopped(process->wait(), SIGTERM);
}

TEST_F(Stop, EndsAnEndlessSource) {
  const auto process = begin_marked(
      "a: {source: range, to: 9000000000000}\nb: {from: a, sink: count}\n"
      "c: {source: list, items: [x]}\nd: {from: c, run: ['true']}\n");
  process->wait_for_error("[d 1/1] done ");
  process->send(SIGINT);
  expect_stopped(process->wait(), SIGINT);
}

TEST_F(Stop, EndsAFullQueueQuickly) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 1000000}
b: {from: a, queue: fifo}
c: {from: b, limit: 1, shell: 'echo >started; exec sleep 1000'}
d: {from: c, sink: count})");
  started.read_line();
  const Clock::time_point sent = Clock::now();
  send_twice(*process, SIGINT);
  const Json summary = expect_stopped(process->wait(), SIGINT);
  EXPECT_LT(Clock::now() - sent, std::chrono::seconds(10));
  EXPECT_EQ(summary.at("nodes").at("c").at("done"), 0);
}

TEST_F(Stop, EndsWorkThatComputesBetweenTwoItems) {
  const auto process = begin_marked(R"(
a: {source: range, to: 1000000}
b: {from: a, function: spin, for: 1ms}
c: {from: b, sink: print})");
  process->wait_for_output("\n");
  process->send(SIGINT);
  expect_stopped(process->wait(), SIGINT);
}

TEST_F(Stop, AfterAFailureIsAStop) {
  Signpost started(folder, "started");
  const auto process = begin_marked(R"(
a: {source: range, to: 2}
b: {from: a, shell: 'test $N = 1 && exit 1; echo >started; exec sleep 1000', env: {N: '${{ item }}'}})");
  started.read_line();
  process->wait_for_error("failed ");
  send_twice(*process, SIGINT);
  const Json summary = expect_stopped(process->wait(), SIGINT);
  EXPECT_EQ(summary.at("nodes").at("b").at("failed"), 1);
  EXPECT_EQ(summary.at("nodes").at("b").at("cancelled"), 1);
}

TEST_F(Stop, IsHeardOfWhereNobodyReadsWhatIsShown) {
  Signpost written(folder, "written");
  const auto process = begin(
      "a: {source: range, to: 1}\nb: {from: a, shell: 'seq 1 200000 >&2; echo >written; exec "
      "sleep 1000'}",
      {.arguments = {"--summary-file", "summary.json", "--output", "line"},
       .environment = {mark.entry()}});
  written.read_line();  // more than a pipe takes
  process->send(SIGQUIT);
  const auto deadline = Clock::now() + kPatience;
  while (!folder.has("summary.json") && Clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(folder.has("summary.json"));
  const Ended ended = process->wait();
  expect_stopped(ended, SIGQUIT);
  EXPECT_NE(ended.err.find("[b 1] 1\n[b 1] 2\n"), std::string::npos);
  EXPECT_NE(ended.err.find("[b 1] 199999\n[b 1] 200000\n"), std::string::npos);
}

TEST_F(Stop, LetsWhatRunsFinish) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto process = begin_marked(R"(
a: {source: range, to: 50}
b: {from: a, limit: 2, shell: 'echo >started; read LINE <go; echo $LINE', emit: stdout}
c: {from: b, sink: print})");
  for (int i = 0; i < 2; ++i) started.read_line();
  process->send(SIGTERM);
  process->wait_for_error("once more to end it");
  for (int i = 0; i < 2; ++i) go.write_line("went on");
  const Ended ended = process->wait();
  const Json summary = expect_stopped(ended, SIGTERM);
  const Json& b = summary.at("nodes").at("b");
  EXPECT_EQ(b.at("done"), 2);
  EXPECT_EQ(b.at("cancelled"), b.at("in").get<int>() - 2);  // the source may have been at it still
}

TEST_F(Stop, TellsOfAnAttemptThatFailsMeanwhile) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto process = begin_marked(R"(
a: {source: range, to: 1}
b: {from: a, shell: 'echo >started; read LINE <go; exit 7', retry: {attempts: 3, backoff: 1h}})");
  started.read_line();
  process->send(SIGTERM);
  process->wait_for_error("once more to end it");
  go.write_line("");
  const Ended ended = process->wait();
  const Json summary = expect_stopped(ended, SIGTERM);
  EXPECT_EQ(summary.at("nodes").at("b").at("cancelled"), 1);
  EXPECT_NE(ended.err.find("[b] attempt 1 of 3 failed "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("exited with status 7; no other one: nothing more is begun\n"),
            std::string::npos)
      << ended.err;
  const Ended resumed = weir({.arguments = {"run", "test.yaml", "-n", "--resume"}});
  EXPECT_NE(resumed.out.find("run   b  1  was to be tried again\n"), std::string::npos)
      << resumed.out;
}

TEST_F(Stop, ByASinkThatCannotWriteLetsCommandsFinish) {
  const Ended ended = run(R"(
a: {source: range, to: 100}
b: {from: a, limit: 2, shell: 'test $N = 1 || echo $N >>finished', env: {N: '${{ item }}'}}
c: {from: b, sink: lines, path: out}
d: {from: b, sink: print})",
                          {.arguments = {"--summary-file", "summary.json"},
                           .environment = {mark.entry()},
                           .output_is_closed = true});
  EXPECT_EQ(ended.status, 3) << ended.err;
  EXPECT_EQ(mark.bearers(), Strings());
  const Json b = summary().at("nodes").at("b");
  // The source may have been stopped before it had given out all.
  EXPECT_EQ(b.at("done").get<int>() + b.at("cancelled").get<int>(), b.at("in").get<int>());
  EXPECT_GT(b.at("done"), 0);
  EXPECT_EQ(b.at("failed"), 0);
  EXPECT_FALSE(folder.has("out"));
}

}  // namespace
}  // namespace weir::e2e
