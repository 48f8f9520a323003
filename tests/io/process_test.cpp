#include "support.hpp"

namespace weir::io::test {
namespace {

TEST(Process, GivesItsExitStatus) {
  Reactor reactor;
  const ProcessOutcome good = run(reactor, command({"true"}));
  EXPECT_EQ(good.end, ProcessEnd::exited);
  EXPECT_TRUE(good.result.ok());

  const ProcessOutcome bad = run(reactor, shell("exit 7"));
  EXPECT_EQ(bad.end, ProcessEnd::exited);
  EXPECT_EQ(bad.result.status, 7);
  EXPECT_EQ(bad.result.signal, 0);
}

TEST(Process, GivesTheSignalThatEndedIt) {
  const ProcessOutcome outcome = run(shell("kill -KILL $$"));
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.result.signal, SIGKILL);
  EXPECT_EQ(outcome.result.status, 128 + SIGKILL);
}

TEST(Process, GivesTheTimeFromItsStartToItsExit) {
  const ProcessOutcome outcome = run(command({"sleep", "0.2"}));
  EXPECT_GE(outcome.result.seconds, 0.19);
  EXPECT_LT(outcome.result.seconds, 10);
}

TEST(Process, KeepsItsOutputStreamsApart) {
  const ProcessOutcome outcome = run(shell("echo to out; echo to err >&2"));
  EXPECT_EQ(outcome.result.out, "to out\n");
  EXPECT_EQ(outcome.result.err, "to err\n");
}

TEST(Process, PassesItsArgumentsUnchanged) {
  const ProcessOutcome outcome = run(command({"printf", "<%s>", "a b", "", "$HOME;*", "ä\n'\""}));
  EXPECT_EQ(outcome.result.out, "<a b><><$HOME;*><ä\n'\">");
}

TEST(Process, KeepsOutputUpToTheCapAndCountsTheRest) {
  Command both = shell("printf 0123456789; printf abcde >&2");
  both.output_cap = 5;
  const ProcessOutcome outcome = run(both);
  EXPECT_EQ(outcome.result.out, "01234");
  EXPECT_EQ(outcome.result.out_dropped, 5u);
  EXPECT_EQ(outcome.result.err, "abcde");
  EXPECT_EQ(outcome.result.err_dropped, 0u);
}

TEST(Process, KeepsNothingWithACapOfZero) {
  Command loud = shell("echo hello");
  loud.output_cap = 0;
  const ProcessOutcome outcome = run(loud);
  EXPECT_EQ(outcome.result.out, "");
  EXPECT_EQ(outcome.result.out_dropped, 6u);
}

TEST(Process, ReadsBothStreamsHoweverMuchComes) {
  constexpr std::size_t size = 10'000'000;
  Command loud = shell("head -c 10000000 /dev/zero; head -c 10000000 /dev/zero >&2");
  loud.output_cap = size;
  const ProcessOutcome err_last = run(loud);
  EXPECT_EQ(err_last.result.out.size(), size);
  EXPECT_EQ(err_last.result.err.size(), size);

  loud = shell("head -c 10000000 /dev/zero >&2 & head -c 10000000 /dev/zero; wait");
  const ProcessOutcome at_once = run(loud);
  EXPECT_EQ(at_once.result.out.size() + at_once.result.out_dropped, size);
  EXPECT_EQ(at_once.result.err.size() + at_once.result.err_dropped, size);
}

TEST(Process, ReadsAnEmptyStandardInput) {
  const ProcessOutcome outcome = run(shell("cat; readlink /proc/self/fd/0"));
  EXPECT_EQ(outcome.result.out, "/dev/null\n");
}

TEST(Process, GetsItsInput) {
  Command cat = command({"cat"});
  cat.has_input = true;
  cat.input = "some\ntext";
  EXPECT_EQ(run(cat).result.out, "some\ntext");
  cat.input = "";
  EXPECT_EQ(run(cat).result.out, "");
}

TEST(Process, GetsALargeInputWhileItsOutputIsRead) {
  Command cat = command({"cat"});
  cat.has_input = true;
  for (int i = 0; cat.input.size() < 5'000'000; ++i) cat.input += std::to_string(i) + '\n';
  cat.output_cap = cat.input.size();
  const std::string expected = cat.input;
  EXPECT_TRUE(run(cat).result.out == expected);
}

TEST(Process, MayIgnoreItsInput) {
  for (const char* text : {"true", "exec <&-; sleep 0.05; echo still here", "head -c 1 >&2"}) {
    SCOPED_TRACE(text);
    Command ignores = shell(text);
    ignores.has_input = true;
    ignores.input = std::string(1'000'000, 'x');
    const ProcessOutcome outcome = run(ignores);
    EXPECT_EQ(outcome.end, ProcessEnd::exited);
    EXPECT_EQ(outcome.result.status, 0);
  }
}

TEST(Process, IsNotWaitedForBeyondItsExit) {
  Reactor reactor;
  const Stopwatch stopwatch;
  const ProcessOutcome outcome = run(reactor, shell("sleep 20 & echo hi"));
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.result.out, "hi\n");
  EXPECT_GE(stopwatch.elapsed(), 90ms);
  EXPECT_LT(stopwatch.elapsed(), 5s);
}

TEST(Process, IsNotHeldUpByAWriterThatItLeftBehind) {
  Reactor reactor;
  Command leaves = shell("yes & echo hi");
  leaves.output_cap = 1000;
  const Stopwatch stopwatch;
  EXPECT_EQ(run(reactor, leaves).result.status, 0);
  EXPECT_LT(stopwatch.elapsed(), 5s);
}

TEST(Process, MayCloseItsOutputEarly) {
  const ProcessOutcome outcome = run(shell("echo hi; exec >&- 2>&-; sleep 0.1; exit 3"));
  EXPECT_EQ(outcome.result.out, "hi\n");
  EXPECT_EQ(outcome.result.status, 3);
}

TEST(Process, RunsInItsWorkingDirectory) {
  const TemporaryFolder folder;
  Command pwd = command({"pwd"});
  pwd.cwd = folder.path();
  EXPECT_EQ(run(pwd).result.out, folder.path() + "\n");
}

TEST(Process, SeesItsEnvironmentOnTopOfOurs) {
  ::setenv("WEIR_TEST_KEPT", "kept", 1);
  ::setenv("WEIR_TEST_CHANGED", "old", 1);
  Command show = shell("echo $WEIR_TEST_KEPT $WEIR_TEST_CHANGED $WEIR_TEST_NEW");
  show.env = {
      {"WEIR_TEST_CHANGED", "first"}, {"WEIR_TEST_NEW", "new"}, {"WEIR_TEST_CHANGED", "last"}};
  EXPECT_EQ(run(show).result.out, "kept last new\n");
}

TEST(Process, GetsNoDescriptorOfOurs) {
  const int leaky = ::dup(0);  // not close-on-exec
  Reactor reactor;
  AwaitedProcess other;
  reactor.start_process(other, command({"sleep", "0.2"}));
  const ProcessOutcome outcome = run(reactor, command({"ls", "/proc/self/fd"}));
  ::close(leaky);
  other.wait();
  EXPECT_EQ(outcome.result.out, "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}

TEST(Process, StartsWithACleanSlateOfSignals) {
  Reactor reactor;  // ignores SIGPIPE and SIGXFSZ, blocks all signals on its thread
  const ProcessOutcome outcome =
      run(reactor, command({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}));
  std::istringstream lines(outcome.result.out);
  std::string name;
  std::string mask;
  while (lines >> name >> mask) {
    const unsigned long bits = std::stoul(mask, nullptr, 16);
    const unsigned long ignored = 1ul << (SIGPIPE - 1) | 1ul << (SIGXFSZ - 1);
    const unsigned long wrong = name == "SigBlk:" ? ~0ul : ignored;
    EXPECT_EQ(bits & wrong, 0u) << name;
  }
  EXPECT_EQ(name, "SigIgn:");
}

TEST(Process, LeadsAProcessGroupOfItsOwn) {
  const ProcessOutcome outcome = run(command({"cut", "-d", " ", "-f", "1,5", "/proc/self/stat"}));
  std::istringstream numbers(outcome.result.out);
  int pid = 0;
  int group = 0;
  numbers >> pid >> group;
  EXPECT_GT(pid, 0);
  EXPECT_EQ(pid, group);
}

TEST(Process, ManyRunAtTheSameTime) {
  Reactor reactor;
  constexpr int count = 100;
  std::vector<AwaitedProcess> processes(count);
  const Stopwatch stopwatch;
  for (AwaitedProcess& process : processes)
    reactor.start_process(process, command({"sleep", "0.5"}));
  for (AwaitedProcess& process : processes) EXPECT_TRUE(process.wait().result.ok());
  EXPECT_LT(stopwatch.elapsed(), 25s);  // 50 s one after another
  EXPECT_EQ(reactor.processes(), 0u);
}

TEST(Process, IsCountedUntilItIsCompleted) {
  Reactor reactor;
  Command cat = command({"sleep", "30"});
  AwaitedProcess process;
  EXPECT_EQ(reactor.processes(), 0u);
  reactor.start_process(process, cat);
  EXPECT_EQ(reactor.processes(), 1u);
  reactor.kill_all();
  process.wait();
  EXPECT_EQ(reactor.processes(), 0u);
}

TEST(Process, RunsEvenIfWeWereStartedWithSigchldIgnored) {
  struct sigaction ignore {};
  struct sigaction old {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGCHLD, &ignore, &old);
  EXPECT_EQ(run(shell("exit 5")).result.status, 5);
  struct sigaction after {};
  ::sigaction(SIGCHLD, &old, &after);
  EXPECT_EQ(after.sa_handler, SIG_IGN);
}

TEST(Process, RunsEvenIfWeWereStartedWithoutStandardStreams) {
  const int in = ::dup(0);
  const int out = ::dup(1);
  const int err = ::dup(2);
  for (const int number : {0, 1, 2}) ::close(number);
  Command echo = shell("cat; echo out; echo err >&2");
  echo.has_input = true;
  echo.input = "in ";
  const ProcessOutcome outcome = run(echo);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  for (const int number : {in, out, err}) ::close(number);
  EXPECT_EQ(outcome.result.out, "in out\n");
  EXPECT_EQ(outcome.result.err, "err\n");
}

TEST(Process, LeavesNoDescriptorAndNoZombieBehind) {
  run(command({"true"}));  // what is opened once and for all is open
  const auto before = open_descriptors();
  {
    Reactor reactor;
    for (int i = 0; i < 20; ++i) {
      Command cat = command({"cat"});
      cat.has_input = true;
      cat.input = "x";
      run(reactor, cat);
      run(reactor, command({"no such program"}));
    }
    run(reactor, shell("sleep 20 & echo hi"));
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_TRUE(children_of_this_process().empty());
}

}  // namespace
}  // namespace weir::io::test
