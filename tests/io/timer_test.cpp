#include "support.hpp"

namespace weir::io::test {
namespace {

class CountingTimer final : public Timer {
 public:
  explicit CountingTimer(Countdown& countdown) : countdown_(countdown) {}
  void complete(bool cancelled) noexcept override {
    was_cancelled = cancelled;
    countdown_.arrive();
  }
  bool was_cancelled = false;

 private:
  Countdown& countdown_;
};

TEST(Timer, CompletesAfterItsTime) {
  Reactor reactor;
  AwaitedTimer timer;
  const Stopwatch stopwatch;
  reactor.start_timer(timer, 50ms);
  EXPECT_FALSE(timer.wait());
  EXPECT_GE(stopwatch.elapsed(), 50ms);
  EXPECT_LT(stopwatch.elapsed(), 5s);
}

TEST(Timer, TakesAnyDuration) {
  AwaitedTimer past, zero, never;
  {
    Reactor reactor;
    reactor.start_timer(never, std::chrono::nanoseconds::max());
    reactor.start_timer(past, std::chrono::nanoseconds::min());
    reactor.start_timer(zero, 0ns);
    EXPECT_FALSE(past.wait());
    EXPECT_FALSE(zero.wait());
  }
  EXPECT_TRUE(never.wait());
}

TEST(Timer, ManyAtOnceTakeNoLongerThanOne) {
  constexpr int count = 100'000;
  Countdown countdown(count);
  std::vector<CountingTimer> timers(count, CountingTimer(countdown));
  Reactor reactor;
  const Stopwatch stopwatch;
  for (CountingTimer& timer : timers) reactor.start_timer(timer, 1s);
  ASSERT_TRUE(countdown.wait());
  EXPECT_GE(stopwatch.elapsed(), 1s);
  EXPECT_LT(stopwatch.elapsed(), 5s);
}

TEST(Timer, ManyOfNoLengthAreDoneInAMoment) {
  constexpr int count = 150'000;
  Countdown countdown(count);
  std::vector<CountingTimer> timers(count, CountingTimer(countdown));
  Reactor reactor;
  for (CountingTimer& timer : timers) reactor.start_timer(timer, 0ns);
  ASSERT_TRUE(countdown.wait());
}

TEST(Timer, MayBeStartedFromACompletion) {
  struct Chain final : Timer {
    void complete(bool) noexcept override {
      if (--left == 0) return done.set_value();
      reactor->start_timer(*this, 0ns);
    }
    int left = 10'000;
    Reactor* reactor = nullptr;
    std::promise<void> done;
  };
  Reactor reactor;
  Chain chain;
  chain.reactor = &reactor;
  reactor.start_timer(chain, 0ns);
  EXPECT_EQ(chain.done.get_future().wait_for(patience), std::future_status::ready);
}

TEST(Timer, IsCancelledAtOnce) {
  Reactor reactor;
  AwaitedTimer before, after;
  reactor.start_timer(before, 1h);
  reactor.cancel_all();
  reactor.start_timer(after, 1h);
  EXPECT_TRUE(before.wait());
  EXPECT_TRUE(after.wait());
}

TEST(Timer, IsCancelledByTheEndOfTheReactor) {
  AwaitedTimer timer;
  { Reactor{}.start_timer(timer, 1h); }
  EXPECT_TRUE(timer.wait());
}

TEST(Post, RunsOnTheReactorsThreadInOrder) {
  Reactor reactor;
  std::vector<int> order;
  std::promise<std::string> last;
  for (int i = 0; i < 100; ++i) reactor.post([&order, i] { order.push_back(i); });
  reactor.post([&] {
    char name[16] = "";
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    last.set_value(name);
  });
  EXPECT_EQ(last.get_future().get(), "weir-io");
  EXPECT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Post, RunsWhatWasPostedBeforeTheEnd) {
  int ran = 0;
  {
    Reactor reactor;
    for (int i = 0; i < 100; ++i) reactor.post([&ran] { ++ran; });
  }
  EXPECT_EQ(ran, 100);
}

}  // namespace
}  // namespace weir::io::test
