#include <fcntl.h>

#include "support.hpp"

namespace weir::io::test {
namespace {

class CountingProcess final : public Process {
 public:
  explicit CountingProcess(Countdown& countdown) : countdown_(countdown) {}
  void complete(ProcessOutcome outcome) noexcept override {
    if (outcome.end != ProcessEnd::exited || !outcome.result.ok() || outcome.result.out != "x") {
      ADD_FAILURE() << outcome.error << " status " << outcome.result.status;
    }
    countdown_.arrive();
  }

 private:
  Countdown& countdown_;
};

TEST(Exhaustion, ProcessesWaitForDescriptors) {
  constexpr int count = 5000;
  const SoftLimit limit(RLIMIT_NOFILE, 64);
  Countdown countdown(count);
  std::vector<CountingProcess> processes(count, CountingProcess(countdown));
  Reactor reactor;
  for (CountingProcess& process : processes)
    reactor.start_process(process, command({"printf", "x"}));
  EXPECT_TRUE(countdown.wait());
}

TEST(Exhaustion, IsSaidOnce) {
  constexpr int count = 40;
  const SoftLimit limit(RLIMIT_NOFILE, 64);
  Countdown countdown(count);
  std::vector<CountingProcess> processes(count, CountingProcess(countdown));
  std::vector<std::string> notes;
  {
    ReactorOptions options;
    options.note = [&](const std::string& line) { notes.push_back(line); };
    Reactor reactor(options);
    for (CountingProcess& process : processes) {
      reactor.start_process(process, shell("sleep 0.1; printf x"));
    }
    EXPECT_TRUE(countdown.wait());
  }
  EXPECT_EQ(notes, (std::vector<std::string>{
                       "no more descriptors (`ulimit -n` is 64): fewer commands run at once"}));
}

TEST(Exhaustion, LeavesSomeDescriptorsToOthers) {
  const SoftLimit limit(RLIMIT_NOFILE, 64);
  Reactor reactor;
  std::vector<AwaitedProcess> processes(50);
  for (AwaitedProcess& process : processes)
    reactor.start_process(process, command({"sleep", "1000"}));
  std::promise<void> started;
  reactor.post([&] { started.set_value(); });
  started.get_future().get();
  const int null = ::open("/dev/null", O_RDONLY);
  EXPECT_GE(null, 0);
  ::close(null);
  reactor.kill_all();
  for (AwaitedProcess& process : processes) EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
}

TEST(Exhaustion, AProcessWaitsForDescriptorsThatOthersHold) {
  Reactor reactor;
  AwaitedProcess process;
  {
    const SoftLimit limit(RLIMIT_NOFILE, 1);  // below all that are open: no more can be
    reactor.start_process(process, command({"echo", "at last"}));
    AwaitedTimer tried;
    reactor.start_timer(tried, 250ms);
    tried.wait();
    EXPECT_EQ(reactor.processes(), 1u);
  }
  EXPECT_EQ(process.wait().result.out, "at last\n");
}

TEST(Exhaustion, WhatWaitsIsCancelledWithoutBeingStarted) {
  const TemporaryFolder folder;
  Reactor reactor;
  const SoftLimit limit(RLIMIT_NOFILE, 1);
  AwaitedProcess process;
  reactor.start_process(process, command({"touch", folder.file("started")}));
  reactor.cancel_all();
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
  EXPECT_FALSE(std::filesystem::exists(folder.file("started")));
}

TEST(Exhaustion, ThatDoesNotPassIsSaidAndCancelsAll) {
  std::vector<std::string> lines;
  AwaitedProcess process;
  AwaitedTimer timer;
  {
    ReactorOptions options;
    options.stuck = [&](const std::string& line) { lines.push_back(line); };
    options.patience = 1s;
    Reactor reactor(options);
    const SoftLimit limit(RLIMIT_NOFILE, 1);
    reactor.start_timer(timer, 1h);
    reactor.start_process(process, command({"true"}));
    const ProcessOutcome outcome = process.wait();
    EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
    EXPECT_FALSE(outcome.started);
    timer.wait();
  }
  EXPECT_EQ(lines,
            (std::vector<std::string>{"no command runs, and none could be started for 1 s: no "
                                      "more descriptors (`ulimit -n` is 1)"}));
}

TEST(BeginNothing, CancelsWhatHasNotBegunAndNothingElse) {
  const TemporaryFolder folder;
  Reactor reactor;
  ProcessTerms begins;
  begins.begins = true;
  AwaitedProcess runs, begun, not_begun, later;
  const Signpost ready(folder);
  const Signpost go(folder, "go");
  reactor.start_process(
      runs, shell("echo > " + ready.path() + "; read LINE < " + go.path() + "; echo end"), begins);
  ready.read_line();
  {
    const SoftLimit limit(RLIMIT_NOFILE, 1);
    reactor.start_process(begun, command({"echo", "next step"}));
    reactor.start_process(not_begun, command({"true"}), begins);
    reactor.begin_nothing();
    reactor.start_process(later, command({"true"}), begins);
    for (AwaitedProcess* const process : {&not_begun, &later}) {
      const ProcessOutcome outcome = process->wait();
      EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
      EXPECT_FALSE(outcome.started);
    }
  }
  go.write_line();
  EXPECT_EQ(runs.wait().result.out, "end\n");
  EXPECT_EQ(begun.wait().result.out, "next step\n");
}

TEST(Exhaustion, KeepsTheOrder) {
  const TemporaryFolder folder;
  const std::string log = folder.write("log", "");
  constexpr int count = 50;
  std::vector<AwaitedProcess> processes(count);
  Reactor reactor;
  {
    // Room for one at a time, and for the 16 that are left to others: what starts later ends later.
    const SoftLimit limit(RLIMIT_NOFILE, lowest_free_descriptor() + 24);
    for (int i = 0; i < count; ++i) {
      reactor.start_process(processes[static_cast<std::size_t>(i)],
                            shell("echo " + std::to_string(i) + " >> " + log));
    }
    for (AwaitedProcess& process : processes) EXPECT_TRUE(process.wait().result.ok());
  }
  std::ifstream in(log);
  std::vector<int> order;
  for (int number = 0; in >> number;) order.push_back(number);
  EXPECT_EQ(order.size(), static_cast<std::size_t>(count));
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

}  // namespace
}  // namespace weir::io::test
