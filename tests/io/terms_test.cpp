#include "support.hpp"

namespace weir::io::test {
namespace {

ProcessTerms within(std::chrono::nanoseconds timeout) {
  ProcessTerms terms;
  terms.timeout = timeout;
  return terms;
}

ProcessTerms cleanup() {
  ProcessTerms terms;
  terms.cleans_up = true;
  return terms;
}

TEST(Timeout, EndsAProcessThatTakesLonger) {
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, shell("echo begun; exec sleep 1000"), within(50ms));
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::timed_out);
  EXPECT_EQ(outcome.result.signal, SIGTERM);
}

TEST(Timeout, KillsAfterTheGraceWhatIgnoresTerm) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  ReactorOptions options;
  options.grace = 100ms;
  Reactor reactor(options);
  AwaitedProcess process;
  reactor.start_process(
      process, shell("trap '' TERM; echo > " + ready.path() + "; while :; do sleep 0.01; done"),
      within(300ms));
  const Stopwatch stopwatch;
  ready.read_line();
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::timed_out);
  EXPECT_EQ(outcome.result.signal, SIGKILL);
  EXPECT_GE(stopwatch.elapsed(), 399ms);
}

TEST(Timeout, DoesNotTouchAProcessThatEndsInTime) {
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, shell("exit 3"), within(1h));
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.result.status, 3);
}

TEST(Timeout, OfAProcessThatIsCancelledFirstIsACancellation) {
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, shell("exec sleep 1000"), within(1h));
  reactor.cancel_all();
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
}

TEST(Cleanup, IsStartedAndEndsByItselfAlthoughAllIsCancelled) {
  Reactor reactor;
  AwaitedProcess before, after;
  const TemporaryFolder folder;
  const Signpost ready(folder);
  const Signpost go(folder, "go");
  reactor.start_process(before,
                        shell("echo > " + ready.path() + "; read LINE < " + go.path() + "; echo b"),
                        cleanup());
  ready.read_line();
  reactor.cancel_all();
  reactor.start_process(after, shell("echo a"), cleanup());
  EXPECT_EQ(after.wait().result.out, "a\n");
  go.write_line();
  const ProcessOutcome outcome = before.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.result.out, "b\n");
}

TEST(Cleanup, IsKilledAndNotStartedWhenAllIsKilled) {
  Reactor reactor;
  AwaitedProcess before, after;
  reactor.start_process(before, shell("exec sleep 1000"), cleanup());
  reactor.kill_all();
  EXPECT_EQ(before.wait().end, ProcessEnd::cancelled);
  reactor.start_process(after, shell("echo a"), cleanup());
  EXPECT_EQ(after.wait().end, ProcessEnd::cancelled);
}

TEST(Output, IsTappedWholeAlthoughOnlyPartOfItIsKept) {
  struct Tapped final : Process {
    void complete(ProcessOutcome outcome) noexcept override { done.set_value(std::move(outcome)); }
    void wrote(Stream stream, std::string_view bytes) noexcept override {
      (stream == Stream::out ? out : err) += bytes;
    }
    std::string out, err;
    std::promise<ProcessOutcome> done;
  } process;
  Reactor reactor;
  Command command = shell("seq 100000; seq 20000 >&2");
  command.output_cap = 10;
  reactor.start_process(process, std::move(command));
  const ProcessOutcome outcome = process.done.get_future().get();
  EXPECT_EQ(outcome.result.out.size(), 10u);
  EXPECT_EQ(process.out.size(), 588895u);
  EXPECT_EQ(process.err.size(), 108894u);
  EXPECT_TRUE(process.out.ends_with("\n100000\n"));
}

}  // namespace
}  // namespace weir::io::test
