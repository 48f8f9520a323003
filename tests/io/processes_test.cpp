#include "io/processes.hpp"

#include <sys/wait.h>

#include "support.hpp"

namespace weir::io::test {
namespace {

TEST(Processes, GiveUpAProcessThatIsBeyondReach) {
  const TemporaryFolder folder;
  const Signpost ready(folder);
  Loop loop;
  const std::unique_ptr<Stragglers> stragglers = groups_left();
  Processes processes(loop, *stragglers, ReactorOptions(), [&] { loop.stop(); });
  AwaitedProcess process;
  processes.announce();
  processes.start(
      process, std::make_unique<Command>(shell("echo $$ > " + ready.path() + "; exec sleep 1000")),
      ProcessTerms());
  const std::string pid = ready.read_line();
  processes.terminate();
  processes.abandon();  // it may have ended meanwhile, but nobody has looked
  const ProcessOutcome outcome = process.wait();
  EXPECT_EQ(outcome.end, ProcessEnd::cancelled);
  EXPECT_EQ(outcome.error, "process " + pid + " could not be ended, not even by SIGKILL");
  EXPECT_EQ(processes.under_way(), 0u);
  EXPECT_EQ(::waitpid(std::stoi(pid), nullptr, 0), std::stoi(pid));
}

}  // namespace
}  // namespace weir::io::test
