#include <cerrno>

#include "faults.hpp"
#include "support.hpp"

namespace weir::io::test {
namespace {

TEST(Faults, OutputThatCannotBeReadFailsTheCommand) {
  // The first reading gives a line, and the next one fails.
  const Fault fault(Call::read, EIO, {.first = 2, .count = 1}, is_pipe);
  const ProcessOutcome outcome = run(shell("echo one; exec 2>&-; sleep 0.01"));
  EXPECT_EQ(outcome.end, ProcessEnd::exited);
  EXPECT_EQ(outcome.error,
            "the command's standard output can't be read any more (Input/output error): the rest "
            "of it is lost");
  EXPECT_EQ(outcome.result.out, "one\n");
}

TEST(Faults, ErrorOutputThatCannotBeReadFailsTheCommand) {
  const TemporaryFolder folder;
  const Signpost go(folder);
  const Fault fault(Call::read, EIO, {.first = 2, .count = 1}, is_pipe);
  Reactor reactor;
  AwaitedProcess process;
  reactor.start_process(process, shell("echo one >&2; read LINE < " + go.path()));
  const Stopwatch watch;
  while (fault.failed() == 0 && watch.elapsed() < patience) std::this_thread::yield();
  go.write_line();
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.error,
            "the command's standard error can't be read any more (Input/output error): the rest "
            "of it is lost");
  EXPECT_EQ(outcome.result.err, "one\n");
}

TEST(Faults, AReadingThatIsInterruptedIsTriedAgain) {
  const Fault fault(Call::read, EINTR, {.first = 1, .count = 3}, is_pipe);
  const ProcessOutcome outcome = run(command({"echo", "one"}));
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.result.out, "one\n");
}

Command reader_of(std::size_t size) {
  Command reader = command({"wc", "-c"});
  reader.has_input = true;
  reader.input.assign(size, 'x');
  return reader;
}

TEST(Faults, InputThatCannotBeWrittenFailsTheCommand) {
  const Fault fault(Call::write, EIO, {.first = 2, .count = 1}, is_pipe);
  const ProcessOutcome outcome = run(reader_of(100'000));
  EXPECT_EQ(outcome.error,
            "the command's standard input can't be written (Input/output error): it did not get "
            "all of it");
  EXPECT_EQ(outcome.result.out, "65536\n");
}

TEST(Faults, InputThatNobodyReadsIsNone) {
  Command idle = command({"true"});
  idle.has_input = true;
  idle.input.assign(1'000'000, 'x');
  const ProcessOutcome outcome = run(idle);
  EXPECT_EQ(outcome.error, "");
  EXPECT_TRUE(outcome.result.ok());
}

TEST(Faults, ACommandThatCannotBeWatchedIsLookedAt) {
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOSYS, EPERM}) {
    const Fault fault(Call::pidfd_open, error);
    const ProcessOutcome outcome = run(shell("echo one; exit 3"));
    EXPECT_EQ(outcome.end, ProcessEnd::exited);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.result.status, 3);
    EXPECT_EQ(outcome.result.out, "one\n");
    EXPECT_GT(fault.failed(), 0);
  }
}

TEST(Faults, ACommandThatCannotBeWatchedIsEnded) {
  const Fault fault(Call::pidfd_open, EMFILE);
  Reactor reactor;
  AwaitedProcess cancelled, timed_out;
  ProcessTerms terms;
  terms.timeout = 10ms;
  reactor.start_process(timed_out, command({"sleep", "1000"}), terms);
  EXPECT_EQ(timed_out.wait().end, ProcessEnd::timed_out);
  reactor.start_process(cancelled, command({"sleep", "1000"}));
  reactor.cancel_all();
  EXPECT_EQ(cancelled.wait().end, ProcessEnd::cancelled);
}

bool is_not_pipe(int descriptor) { return !is_pipe(descriptor); }

TEST(Faults, ACommandWhoseExitCannotBeWaitedForIsLookedAt) {
  Reactor reactor;
  for (const int error : {ENOMEM, ENOSPC}) {
    const Fault fault(Call::epoll_ctl, error, {}, is_not_pipe);
    EXPECT_EQ(run(reactor, shell("exit 3")).result.status, 3);
    EXPECT_GT(fault.failed(), 0);
  }
}

TEST(Faults, AStartWaitsForWhatHasRunOut) {
  for (const Call call : {Call::pipe, Call::epoll_ctl}) {
    for (const int error : {EMFILE, ENFILE, ENOMEM, ENOSPC}) {
      std::vector<std::string> notes;
      {
        ReactorOptions options;
        options.note = [&](const std::string& line) { notes.push_back(line); };
        Reactor reactor(options);
        const Fault fault(call, error, {.first = 1, .count = 2},
                          call == Call::pipe ? nullptr : is_pipe);
        EXPECT_EQ(run(reactor, command({"echo", "one"})).result.out, "one\n");
        EXPECT_EQ(fault.failed(), 2);
      }
      EXPECT_EQ(notes.size(), 1U);
    }
  }
}

TEST(Faults, ThatMakeAStartImpossibleCancelAllAndAreSaid) {
  std::vector<std::string> lines;
  AwaitedProcess first, second;
  {
    ReactorOptions options;
    options.stuck = [&](const std::string& line) { lines.push_back(line); };
    Reactor reactor(options);
    const Fault fault(Call::pipe, EPERM);
    reactor.start_process(first, command({"true"}));
    reactor.start_process(second, command({"true"}));
    EXPECT_EQ(first.wait().end, ProcessEnd::cancelled);
    EXPECT_EQ(second.wait().end, ProcessEnd::cancelled);
  }
  EXPECT_EQ(
      lines,
      (std::vector<std::string>{"no pipe can be made for a command: Operation not permitted"}));
}

TEST(Faults, ThatMakeAStartImpossibleAreItsErrorWhereNobodyElseListens) {
  const Fault fault(Call::pipe, EPERM);
  const ProcessOutcome outcome = run(command({"true"}));
  EXPECT_EQ(outcome.end, ProcessEnd::not_started);
  EXPECT_EQ(outcome.error, "no pipe can be made for a command: Operation not permitted");
}

TEST(Faults, AReactorThatCannotWaitIsNone) {
  {
    const Fault fault(Call::epoll, EMFILE);
    EXPECT_THROW(Reactor(), std::runtime_error);
  }
  const Fault fault(Call::epoll_ctl, ENOSPC);
  EXPECT_THROW(Reactor(), std::runtime_error);
}

TEST(Faults, AReactorDoesWithLess) {
  for (const Call call : {Call::eventfd, Call::timer}) {  // with a pipe, and epoll's own time
    const Fault fault(call, EMFILE);
    EXPECT_EQ(run(command({"echo", "one"})).result.out, "one\n");
    EXPECT_GT(fault.failed(), 0);
  }
}

TEST(Faults, SignalsThatCannotBeWatchedForAreAnError) {
  Reactor reactor;
  {
    const Fault fault(Call::epoll_ctl, ENOSPC);
    EXPECT_THROW(reactor.on_signal({SIGUSR1}, [](int) {}), std::system_error);
  }
  EXPECT_EQ(run(reactor, command({"echo", "one"})).result.out, "one\n");
}

}  // namespace
}  // namespace weir::io::test
