#include <sys/prctl.h>
#include <sys/wait.h>

#include "support.hpp"

namespace weir::io::test {
namespace {

ReactorOptions adopting(std::chrono::milliseconds grace = 5s) {
  ReactorOptions options;
  options.grace = grace;
  options.adopt_orphans = true;
  return options;
}

/// Runs a shell that leaves a process behind; `text` writes that one's number to $SIGNPOST.
pid_t leave_behind(Reactor& reactor, const std::string& text) {
  const TemporaryFolder folder;
  const Signpost signpost(folder);
  Command leaves = shell(text);
  leaves.env = {{"SIGNPOST", signpost.path()}};
  AwaitedProcess process;
  reactor.start_process(process, leaves);
  const pid_t pid = std::stoi(signpost.read_line());
  EXPECT_EQ(process.wait().end, ProcessEnd::exited);
  return pid;
}

constexpr const char* in_the_group = "sleep 1000 & echo $! > $SIGNPOST";
constexpr const char* in_its_own_session =
    "setsid sh -c 'echo $$ > $SIGNPOST; exec sleep 1000' > /dev/null 2>&1 &";
constexpr const char* stubborn_in_its_own_session =
    "setsid sh -c 'trap \"\" TERM; echo $$ > $SIGNPOST; while :; do sleep 0.01; done' "
    "> /dev/null 2>&1 &";

TEST(Stragglers, OfAGroupAreLeftAloneWhileTheReactorLives) {
  pid_t straggler = 0;
  {
    Reactor reactor;
    straggler = leave_behind(reactor, in_the_group);
    run(reactor, command({"true"}));
    EXPECT_TRUE(is_alive(straggler));
  }
  EXPECT_FALSE(is_alive(straggler));
}

TEST(Stragglers, OfAGroupAreEndedByCancel) {
  ReactorOptions options;
  options.grace = 100ms;
  pid_t straggler = 0;
  {
    Reactor reactor(options);
    straggler = leave_behind(
        reactor, "sh -c 'trap \"\" TERM; echo $$ > $SIGNPOST; while :; do sleep 0.01; done' &");
    reactor.cancel_all();
  }
  EXPECT_FALSE(is_alive(straggler));
}

TEST(Stragglers, WithASessionOfTheirOwnAreNotOursUnlessWeAdoptOrphans) {
  pid_t straggler = 0;
  {
    Reactor reactor;
    straggler = leave_behind(reactor, in_its_own_session);
  }
  EXPECT_TRUE(is_alive(straggler));
  ::kill(straggler, SIGKILL);
}

TEST(Stragglers, WithASessionOfTheirOwnAreEndedIfWeAdoptOrphans) {
  pid_t straggler = 0;
  {
    Reactor reactor(adopting());
    straggler = leave_behind(reactor, in_its_own_session);
    EXPECT_TRUE(is_alive(straggler));
  }
  EXPECT_FALSE(is_alive(straggler));
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(Stragglers, ThatIgnoreTermAreKilledAfterTheGrace) {
  pid_t straggler = 0;
  const Stopwatch stopwatch;
  {
    Reactor reactor(adopting(200ms));
    straggler = leave_behind(reactor, stubborn_in_its_own_session);
  }
  EXPECT_GE(stopwatch.elapsed(), 200ms);
  EXPECT_FALSE(is_alive(straggler));
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(Stragglers, GetTermOnce) {
  for (const bool adopt : {false, true}) {
    SCOPED_TRACE(adopt);
    const TemporaryFolder folder;
    const Signpost ready(folder);
    ReactorOptions options;
    options.grace = 200ms;
    options.adopt_orphans = adopt;
    {
      Reactor reactor(options);
      AwaitedProcess process;
      reactor.start_process(
          process, shell("sh -c 'trap \"echo term >> " + folder.file("log") + "\" TERM; echo > " +
                         ready.path() + "; while :; do sleep 0.01; done' & wait"));
      ready.read_line();
      reactor.cancel_all();
      process.wait();
    }
    std::ifstream log(folder.file("log"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(log), {}), "term\n");
  }
}

TEST(Stragglers, OfStragglersAreEndedToo) {
  pid_t straggler = 0;
  {
    Reactor reactor(adopting());
    straggler = leave_behind(
        reactor,
        "setsid sh -c 'setsid sh -c \"echo \\$\\$ > $SIGNPOST; exec sleep 1000\" & wait' "
        "> /dev/null 2>&1 &");
  }
  EXPECT_FALSE(is_alive(straggler));
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(Stragglers, ThatEndAreReapedDuringALongRun) {
  Reactor reactor(adopting());
  leave_behind(reactor, "setsid sh -c 'echo $$ > $SIGNPOST' > /dev/null 2>&1 &");
  const Stopwatch stopwatch;
  while (!children_of_this_process().empty() && stopwatch.elapsed() < patience) {
    AwaitedTimer moment;
    reactor.start_timer(moment, 50ms);
    moment.wait();
  }
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(Stragglers, AreNotTheChildrenThatOtherCodeStarts) {
  int before[2];
  int meanwhile[2];
  ASSERT_EQ(::pipe(before), 0);
  ASSERT_EQ(::pipe(meanwhile), 0);
  const auto start_reader = [](int* pipe) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::close(pipe[1]);
    char byte = 0;
    ::_exit(::read(pipe[0], &byte, 1) == 1 ? 42 : 1);
  };
  const pid_t first = start_reader(before);
  ::setpgid(first, first);  // older than the reactor: whatever its group
  pid_t second = 0;
  {
    Reactor reactor(adopting(100ms));
    second = start_reader(meanwhile);
    leave_behind(reactor, in_its_own_session);
    EXPECT_EQ(std::system("exit 9"), 9 << 8);
  }
  const auto finish = [](int* pipe, pid_t pid) {
    EXPECT_EQ(::write(pipe[1], "x", 1), 1);
    int status = 0;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(WEXITSTATUS(status), 42);
    ::close(pipe[0]);
    ::close(pipe[1]);
  };
  finish(before, first);
  finish(meanwhile, second);
}

TEST(Stragglers, AdoptingThemEndsWithTheReactor) {
  int adopts = -1;
  {
    Reactor reactor(adopting());
    ::prctl(PR_GET_CHILD_SUBREAPER, &adopts);
    EXPECT_EQ(adopts, 1);
    EXPECT_THROW(Reactor{}, std::logic_error);
  }
  ::prctl(PR_GET_CHILD_SUBREAPER, &adopts);
  EXPECT_EQ(adopts, 0);
}

}  // namespace
}  // namespace weir::io::test
