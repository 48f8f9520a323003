#include "support.hpp"

namespace weir::io::test {
namespace {

ReactorOptions with_grace(std::chrono::milliseconds grace) {
  ReactorOptions options;
  options.grace = grace;
  return options;
}

TEST(Cancel, EndsAProcessByTerm) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, shell("trap 'echo terminated; exit 3' TERM; echo > " +
                                       ready.path() + "; while :; do sleep 0.01; done"));
  ready.read_line();
  reactor.cancel_all();
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
  EXPECT_EQ(outcome.result.out, "terminated\n");
  EXPECT_EQ(outcome.result.status, 3);
}

TEST(Cancel, WakesAStoppedProcess) {
  Reactor reactor(with_grace(1h));
  AwaitedProcess process;
  reactor.start_process(process, shell("kill -STOP $$"));
  reactor.cancel_all();
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
}

TEST(Cancel, KillsAfterTheGraceWhatIgnoresTerm) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  Reactor reactor(with_grace(100ms));
  AwaitedProcess process;
  reactor.start_process(
      process, shell("trap '' TERM; echo > " + ready.path() + "; while :; do sleep 0.01; done"));
  ready.read_line();
  const Stopwatch stopwatch;
  reactor.cancel_all();
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
  EXPECT_EQ(outcome.result.signal, SIGKILL);
  EXPECT_GE(stopwatch.elapsed(), 100ms);
}

TEST(Cancel, KillAllGivesNoGrace) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  Reactor reactor(with_grace(1h));
  AwaitedProcess process, later;
  reactor.start_process(
      process, shell("trap '' TERM; echo > " + ready.path() + "; while :; do sleep 0.01; done"));
  ready.read_line();
  reactor.cancel_all();
  reactor.kill_all();
  reactor.start_process(later, command({"true"}));
  EXPECT_EQ(process.wait().result.signal, SIGKILL);
  EXPECT_EQ(later.wait().end, ProcessEnd::cancelled);
}

TEST(Cancel, ReachesTheWholeGroup) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  pid_t first = 0;
  pid_t second = 0;
  {
    Reactor reactor;
    AwaitedProcess process;
    reactor.start_process(process, shell("sleep 1000 & a=$!; (sleep 1000 & echo $a $! > " +
                                         ready.path() + "); wait"));
    std::istringstream(ready.read_line()) >> first >> second;
    EXPECT_TRUE(is_alive(first));
    EXPECT_TRUE(is_alive(second));
    reactor.cancel_all();
    EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
  }
  EXPECT_FALSE(is_alive(first));
  EXPECT_FALSE(is_alive(second));
}

TEST(Cancel, GivesTheRestOfItsGraceToWhatOutlivesTheLeader) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  pid_t stubborn = 0;
  const Stopwatch stopwatch;
  {
    Reactor reactor(with_grace(300ms));
    AwaitedProcess process;
    reactor.start_process(process, shell("sh -c 'trap \"\" TERM; echo $$ > " + ready.path() +
                                         "; while :; do sleep 0.01; done' & wait"));
    stubborn = std::stoi(ready.read_line());
    reactor.cancel_all();
    EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
  }
  EXPECT_GE(stopwatch.elapsed(), 300ms);
  EXPECT_FALSE(is_alive(stubborn));
}

TEST(Cancel, StartsNothingAnyMore) {
  const TemporaryFolder folder;
  Reactor reactor;
  reactor.cancel_all();
  const ProcessOutcome outcome = run(reactor, command({"touch", folder.file("started")}));
  EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
  EXPECT_FALSE(std::filesystem::exists(folder.file("started")));
}

TEST(Cancel, MayBeAskedForManyTimes) {
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, command({"sleep", "1000"}));
  for (int i = 0; i < 10; ++i) reactor.cancel_all();
  for (int i = 0; i < 10; ++i) reactor.kill_all();
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
}

TEST(Cancel, IsWhatTheEndOfTheReactorDoes) {
  const auto before = open_descriptors();
  AwaitedProcess process;
  {
    Reactor reactor;
    reactor.start_process(process, command({"sleep", "1000"}));
  }
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
  EXPECT_TRUE(children_of_this_process().empty());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Cancel, LeavesAProcessThatHasExitedItsResult) {
  Reactor reactor(with_grace(100ms));
  AwaitedProcess process;
  const TemporaryFolder folder;
  const Signpost ready(folder);
  // Its pipe is still held open when the cancel comes, or just was.
  reactor.start_process(process, shell("(sleep 0.05; echo > " + ready.path() + ") & exit 4"));
  ready.read_line();
  reactor.cancel_all();
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.result.status, 4);
}

}  // namespace
}  // namespace weir::io::test
