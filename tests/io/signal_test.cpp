#include <thread>

#include "support.hpp"

namespace weir::io::test {
namespace {

struct sigaction disposition(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action;
}

TEST(Signals, AreGivenToTheHandlerOnTheReactorsThread) {
  Reactor reactor;
  std::promise<std::pair<int, std::string>> got;
  reactor.on_signal({SIGUSR1, SIGUSR2}, [&](int signal) {
    char name[16] = "";
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    got.set_value({signal, name});
  });
  ::kill(::getpid(), SIGUSR2);
  EXPECT_EQ(got.get_future().get(), std::pair(SIGUSR2, std::string("weir-io")));
}

TEST(Signals, AreEachGiven) {
  Reactor reactor;
  Countdown countdown(10);
  reactor.on_signal({SIGUSR1}, [&](int) { countdown.arrive(); });
  for (int i = 0; i < 10; ++i) ::raise(SIGUSR1);
  EXPECT_TRUE(countdown.wait());
}

TEST(Signals, AreCaughtEvenIfEveryOtherThreadBlocksThem) {
  sigset_t usr1;
  sigset_t old;
  ::sigemptyset(&usr1);
  ::sigaddset(&usr1, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &usr1, &old);
  {
    Reactor reactor;
    std::promise<int> got;
    reactor.on_signal({SIGUSR1}, [&](int signal) { got.set_value(signal); });
    ::kill(::getpid(), SIGUSR1);
    EXPECT_EQ(got.get_future().get(), SIGUSR1);
  }
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

TEST(Signals, DoNotInterruptWhatOtherThreadsRead) {
  Reactor reactor;
  Countdown countdown(1000);
  reactor.on_signal({SIGUSR1}, [&](int) { countdown.arrive(); });
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  std::thread reader([&] {
    char byte = 0;
    EXPECT_EQ(::read(pipe[0], &byte, 1), 1);
  });
  for (int i = 0; i < 1000; ++i) ::pthread_kill(reader.native_handle(), SIGUSR1);
  // Those that were sent while one was pending on that thread are one.
  EXPECT_EQ(::write(pipe[1], "x", 1), 1);
  reader.join();
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(Signals, AreAsBeforeWhenTheReactorIsGone) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction old {};
  ::sigaction(SIGUSR1, &ignore, &old);
  const auto pipe_before = disposition(SIGPIPE).sa_handler;
  {
    Reactor reactor;
    reactor.on_signal({SIGUSR1}, [](int) {});
    EXPECT_NE(disposition(SIGUSR1).sa_handler, SIG_IGN);
    EXPECT_EQ(disposition(SIGPIPE).sa_handler, SIG_IGN);
    EXPECT_EQ(disposition(SIGXFSZ).sa_handler, SIG_IGN);
    { const Reactor another; }
    EXPECT_EQ(disposition(SIGPIPE).sa_handler, SIG_IGN);
  }
  EXPECT_EQ(disposition(SIGUSR1).sa_handler, SIG_IGN);
  EXPECT_EQ(disposition(SIGPIPE).sa_handler, pipe_before);
  ::sigaction(SIGUSR1, &old, nullptr);
}

TEST(Signals, BelongToOneReactorAtATime) {
  Reactor first;
  Reactor second;
  first.on_signal({SIGUSR1}, [](int) {});
  EXPECT_THROW(second.on_signal({SIGUSR1}, [](int) {}), std::logic_error);
}

TEST(Signals, MayEndEverythingFromTheirHandler) {
  Reactor reactor;
  AwaitedProcess process;
  AwaitedTimer timer;
  reactor.on_signal({SIGUSR1}, [&](int) { reactor.cancel_all(); });
  reactor.start_process(process, command({"sleep", "1000"}));
  reactor.start_timer(timer, 1h);
  ::kill(::getpid(), SIGUSR1);
  EXPECT_EQ(process.wait().end, ProcessEnd::cancelled);
  EXPECT_TRUE(timer.wait());
}

}  // namespace
}  // namespace weir::io::test
