#include <deque>
#include <random>
#include <thread>

#include "support.hpp"

namespace weir::io::test {
namespace {

/// Counts how often it is completed: more than once must be seen.
class StormProcess final : public Process {
 public:
  explicit StormProcess(Countdown& countdown) : countdown_(countdown) {}
  void complete(ProcessOutcome outcome) noexcept override {
    EXPECT_EQ(completions.fetch_add(1), 0);
    EXPECT_NE(outcome.end, ProcessEnd::not_started) << outcome.error;
    countdown_.arrive();
  }
  std::atomic<int> completions{0};

 private:
  Countdown& countdown_;
};

class StormTimer final : public Timer {
 public:
  explicit StormTimer(Countdown& countdown) : countdown_(countdown) {}
  void complete(bool) noexcept override {
    EXPECT_EQ(completions.fetch_add(1), 0);
    countdown_.arrive();
  }
  std::atomic<int> completions{0};

 private:
  Countdown& countdown_;
};

Command random_command(std::mt19937& random) {
  switch (random() % 6) {
    case 0:
      return command({"true"});
    case 1:
      return command({"sleep", "1000"});
    case 2:
      return shell("trap '' TERM; sleep 0.02");
    case 3:
      return shell("sleep 1000 & echo left behind");
    case 4:
      return shell("yes");
    default: {
      Command cat = command({"cat"});
      cat.has_input = true;
      cat.input = std::string(random() % 300'000, 'x');
      return cat;
    }
  }
}

/// One round: threads ask for things while one of them, at a random moment, ends everything.
void storm(std::uint32_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr int threads = 4;
  constexpr int requests = 12;
  Countdown countdown(threads * requests);
  std::deque<StormProcess> processes;
  std::deque<StormTimer> timers;
  std::mutex mutex;
  std::mt19937 random(seed);
  {
    ReactorOptions options;
    options.grace = std::chrono::milliseconds(random() % 100);
    options.drain = std::chrono::milliseconds(random() % 50);
    options.adopt_orphans = random() % 2 == 0;
    Reactor reactor(options);
    std::vector<std::thread> askers;
    for (int t = 0; t < threads; ++t) {
      askers.emplace_back([&, own = std::mt19937(random())]() mutable {
        const auto end_at = own() % (2 * requests);
        for (unsigned i = 0; i < requests; ++i) {
          if (i == end_at) own() % 2 == 0 ? reactor.cancel_all() : reactor.kill_all();
          const bool timer = own() % 2 == 0;
          StormProcess* new_process = nullptr;
          StormTimer* new_timer = nullptr;
          {
            const std::lock_guard lock(mutex);
            if (timer) {
              new_timer = &timers.emplace_back(countdown);
            } else {
              new_process = &processes.emplace_back(countdown);
            }
          }
          if (timer) {
            reactor.start_timer(*new_timer, std::chrono::microseconds(own() % 50'000));
          } else {
            reactor.start_process(*new_process, random_command(own));
          }
        }
      });
    }
    for (std::thread& asker : askers) asker.join();
    if (random() % 2 == 0) reactor.cancel_all();
  }
  EXPECT_TRUE(countdown.wait());
  EXPECT_TRUE(children_of_this_process().empty());
}

TEST(Storm, EverythingIsCompletedOnceHoweverItEnds) {
  const std::uint32_t first = std::random_device{}();
  const auto before = open_descriptors();
  for (std::uint32_t round = 0; round < 100 && !HasFailure(); ++round) storm(first + round);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace weir::io::test
