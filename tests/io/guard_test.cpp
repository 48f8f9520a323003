#include "io/guard.hpp"

#include "io/group_table.hpp"
#include "support.hpp"

namespace weir::io::test {
namespace {

std::string text_of(pid_t pid, const char* name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A guard that has settled: it holds one descriptor, that of this process.
void settle(const Guard& guard) {
  const std::string folder = "/proc/" + std::to_string(guard.pid());
  const Stopwatch stopwatch;
  const auto is_settled = [&] {
    std::error_code gone;
    const auto first = std::filesystem::read_symlink(folder + "/fd/0", gone);
    return first.string().find("pidfd") != std::string::npos;
  };
  while (!is_settled() && stopwatch.elapsed() < patience) ::sched_yield();
  EXPECT_TRUE(is_settled());
}

TEST(Guard, HoldsNothingOfTheProcessThatItGuards) {
  const Guard guard;
  settle(guard);
  const std::string folder = "/proc/" + std::to_string(guard.pid());
  const std::filesystem::directory_iterator descriptors(folder + "/fd");
  EXPECT_EQ(std::distance(begin(descriptors), end(descriptors)), 1);
  EXPECT_EQ(std::filesystem::read_symlink(folder + "/cwd"), "/");
  EXPECT_EQ(::getsid(guard.pid()), guard.pid());
}

TEST(Guard, CannotBeTakenForTheProcessThatItGuards) {
  ::setenv("WEIR_RUN_MARK", "outer", 1);
  const Guard guard;
  ::unsetenv("WEIR_RUN_MARK");
  settle(guard);
  EXPECT_EQ(status_of(guard.pid()).name, "run-guard");
  EXPECT_EQ(text_of(guard.pid(), "cmdline").c_str(), std::string("run-guard"));
  EXPECT_EQ(text_of(guard.pid(), "environ").find_first_not_of('\0'), std::string::npos);
}

TEST(Guard, IgnoresSignals) {
  const Guard guard;
  settle(guard);
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1}) {
    ::kill(guard.pid(), signal);
  }
  EXPECT_TRUE(is_alive(guard.pid()));
}

TEST(Guard, LeavesNothingBehindWhenItGoes) {
  const auto before = open_descriptors();
  { const Guard guard; }
  EXPECT_TRUE(children_of_this_process().empty());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Guard, IsNoStraggler) {
  Guard guard;
  {
    ReactorOptions options;
    options.adopt_orphans = true;
    options.guard = &guard;
    Reactor reactor(options);
    run(reactor, command({"true"}));
  }
  EXPECT_TRUE(is_alive(guard.pid()));
}

TEST(Guard, MarksAllChildren) {
  ::setenv("WEIR_RUN_MARK", "outer", 1);
  Guard guard;
  ::unsetenv("WEIR_RUN_MARK");
  EXPECT_EQ(guard.mark().first, "WEIR_RUN_MARK");
  EXPECT_EQ(guard.mark().second.size(), 6u + 32u);
  EXPECT_TRUE(guard.mark().second.starts_with("outer:"));
  ReactorOptions options;
  options.guard = &guard;
  Reactor reactor(options);
  Command command = shell("echo $WEIR_RUN_MARK");
  command.env = {{"OTHER", "variable"}};
  EXPECT_EQ(run(reactor, command).result.out, guard.mark().second + "\n");
}

TEST(Guard, KnowsTheGroupsThatHaveAMember) {
  const TemporaryFolder folder;
  const Signpost signpost(folder);
  Guard guard;
  {
    ReactorOptions options;
    options.adopt_orphans = true;
    options.guard = &guard;
    Reactor reactor(options);
    AwaitedProcess process;
    reactor.start_process(process, shell("echo $$ > " + signpost.path() + "; sleep 1000 & exit"));
    const pid_t group = std::stoi(signpost.read_line());
    process.wait();
    run(reactor, command({"true"}));
    EXPECT_EQ(guard.groups().groups(), std::unordered_set<pid_t>{group});
  }
  EXPECT_EQ(guard.groups().groups(), std::unordered_set<pid_t>{});
}

}  // namespace
}  // namespace weir::io::test
