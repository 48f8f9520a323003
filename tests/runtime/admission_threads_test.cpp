// Admissions and visits under many threads: for the sanitizers, and for what no schedule may break.

#include <algorithm>
#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/visit.hpp"
#include "support.hpp"
#include "virtual_clock.hpp"

namespace weir::test {
namespace {

using abi::End;
using runtime::Admission;
using runtime::Permit;
using runtime::Visit;
using runtime::Visits;

constexpr int kThreads = 4;
constexpr int kSteps = 2000;
constexpr std::chrono::milliseconds kTick{1};

using Random = std::mt19937;
int below(Random& random, int end) {
  return static_cast<int>(random() % static_cast<unsigned>(end));
}

/// What is under way, for whoever takes it out to end it.
template <class T>
class Bag {
 public:
  void put(T thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(thing));
  }
  std::optional<T> take() {
    const std::lock_guard lock(mutex_);
    if (things_.empty()) return std::nullopt;
    T thing = std::move(things_.back());
    things_.pop_back();
    return thing;
  }

 private:
  std::mutex mutex_;
  std::vector<T> things_;
};

void in_threads(int seed, const std::function<void(Random&)>& what) {
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&what, seed, i] {
      Random random(static_cast<unsigned>(seed * kThreads + i));
      what(random);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

/// Two limits with 4 slots at most, the second with keys, and a rate.
class Crowd {
 public:
  static constexpr std::int64_t kMostSlots = 4;

  void enter(Random& random) {
    Admission::Needs needs;
    const int which = below(random, 4);
    if (which != 1) needs.push_back({0, "", 1 + below(random, 2), 0});
    if (which != 0) needs.push_back({1, std::string(1, static_cast<char>('a' + which)), 1, 0});
    if (which == 3) needs.push_back({2, "", 1, 0});
    if (below(random, 2) == 0) std::reverse(needs.begin(), needs.end());
    ++entered;
    auto* const entrant = new Entrant(*this, needs);
    admission.enter(*entrant, std::move(needs));
  }
  bool end_one() {
    std::optional<Running> running = bag_.take();
    if (!running) return false;
    if (running->weight != 0) inside_ -= running->weight;
    return true;  // the permit goes back here
  }

  VirtualClock clock;
  Admission admission{{{"slots", kMostSlots, {}, {}}, {"keys", 1, {}, {}}, {"rate", {}, kTick, {}}},
                      clock};
  Admission::Party party;  // of those that need several
  std::atomic<int> entered{0};
  std::atomic<int> admitted{0};
  std::atomic<int> refused{0};

 private:
  struct Running {
    std::int64_t weight;
    Permit permit;
  };

  struct Entrant final : Admission::Request {
    Entrant(Crowd& crowd, const Admission::Needs& needs)
        : Request(needs.size() > 1 ? &crowd.party : nullptr), of(crowd) {
      for (const Admission::Need& need : needs) {
        if (need.limit == 0) weight = need.slots;
      }
    }
    void admitted(Permit permit) noexcept override {
      ++of.admitted;
      EXPECT_LE(of.inside_ += weight, kMostSlots);
      of.bag_.put({weight, std::move(permit)});
      delete this;
    }
    void refused() noexcept override {
      ++of.refused;
      delete this;
    }
    Crowd& of;
    std::int64_t weight = 0;
  };

  Bag<Running> bag_;
  std::atomic<std::int64_t> inside_{0};
};

TEST(AdmissionThreads, KeepTheLimitsAndLoseNothing) {
  for (int seed = 1; seed <= seeds(5); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Crowd crowd;
    in_threads(seed, [&](Random& random) {
      const int closes_at = below(random, 8 * kSteps);
      for (int step = 0; step < kSteps; ++step) {
        const int what = below(random, 21);
        if (what == 20) {
          crowd.admission.halt(crowd.party);
          crowd.end_one();
          crowd.admission.resume(crowd.party);
        } else if (what < 8) {
          crowd.enter(random);
        } else if (what < 17) {
          crowd.end_one();
        } else if (what == 17) {
          crowd.admission.set_slots(0, 2 + below(random, 3));
        } else if (what == 18) {
          crowd.admission.pause(1, "b", crowd.clock.now() + kTick);
        } else {
          crowd.clock.advance_to_next();
        }
        if (step == closes_at) crowd.admission.close();
        if (step % 64 == 0) crowd.admission.states();
      }
    });
    crowd.admission.set_slots(0, Crowd::kMostSlots);
    while (crowd.end_one() || crowd.clock.advance_to_next()) {
    }
    EXPECT_EQ(crowd.admitted + crowd.refused, crowd.entered);
    for (const Admission::State& state : crowd.admission.states()) {
      EXPECT_EQ(state.key, "");
      EXPECT_EQ(state.taken, 0);
      EXPECT_EQ(state.running, 0);
      EXPECT_EQ(state.waiting, 0);
    }
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

/// Items whose attempts somebody else ends.
class Errands {
 public:
  void arrive() {
    ++arrived;
    (new Errand(*this))->arrive();
  }
  bool end_one(Random& random) {
    const std::optional<Errand*> errand = bag_.take();
    if (!errand) return false;
    (*errand)->end({below(random, 2) == 0 ? End::done : End::failed, below(random, 2) == 0});
    return true;
  }

  VirtualClock clock;
  Admission admission{{{"slots", 3, {}, {}}}, clock};
  Visits visits{admission, clock, {.attempts = 3, .first_wait = kTick, .longest_wait = 2 * kTick}};
  std::atomic<int> arrived{0};
  std::atomic<int> ended{0};

 private:
  class Errand final : public Visit {
   public:
    explicit Errand(Errands& errands) : Visit(errands.visits), of_(errands) {}
    void end(runtime::AttemptEnd end) {
      permit_.give_back();
      attempt_ended(end);
    }

   private:
    Admission::Needs needs() override { return Admission::Needs(1); }
    void needs_failed() noexcept override { ADD_FAILURE(); }
    void attempt(Permit permit) noexcept override {
      permit_ = std::move(permit);
      of_.bag_.put(this);
    }
    void over(End) noexcept override {
      ++of_.ended;
      delete this;
    }

    Errands& of_;
    Permit permit_;
  };

  Bag<Errand*> bag_;
};

TEST(VisitThreads, EveryItemEndsOnceHoweverItIsStopped) {
  for (int seed = 1; seed <= seeds(5); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Errands errands;
    in_threads(seed, [&](Random& random) {
      const int stops_at = below(random, 4 * kSteps);
      for (int step = 0; step < kSteps; ++step) {
        const int what = below(random, 4);
        if (what == 0) errands.arrive();
        if (what == 1) errands.end_one(random);
        if (what == 2) errands.clock.advance_to_next();
        if (step == stops_at) errands.visits.stop();
      }
    });
    Random random(1);
    while (errands.end_one(random) || errands.clock.advance_to_next()) {
    }
    EXPECT_EQ(errands.ended, errands.arrived);
    EXPECT_EQ(errands.visits.backing_off(), 0U);
    const Admission::State state = errands.admission.states().front();
    EXPECT_EQ(state.taken, 0);
    EXPECT_EQ(state.waiting, 0);
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace weir::test
