// What it costs to get through limits, from threads that know nothing of each other: an item is a
// request that enters, is admitted, and gives its permit back.

#include <array>
#include <atomic>
#include <benchmark/benchmark.h>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/admission.hpp"

namespace weir::bench {
namespace {

using runtime::Admission;
using runtime::Clock;
using runtime::Permit;

class SteadyClock final : public Clock {
 public:
  Point now() const noexcept override { return std::chrono::steady_clock::now(); }
  void set(Alarm& /*alarm*/, Point /*at*/) override {}  // nothing here waits for a time
  bool cancel(Alarm& /*alarm*/) noexcept override { return true; }
};

/// Of the benchmark that is running; its threads share it.
SteadyClock the_clock;
std::unique_ptr<Admission> the_admission;

void limits_of_three(const benchmark::State& state) {
  std::vector<Admission::Settings> limits;
  for (int i = 0; i < state.range(0); ++i) {
    limits.push_back({"limit" + std::to_string(i), 3, {}, {}});
  }
  the_admission = std::make_unique<Admission>(std::move(limits), the_clock);
}
void end(const benchmark::State& /*state*/) { the_admission.reset(); }

/// Its end may come on any thread.
class Request final : public Admission::Request {
 public:
  void enter(Admission::Needs needs) {
    is_over_.store(false, std::memory_order_relaxed);
    the_admission->enter(*this, std::move(needs));
  }
  void admitted(Permit permit) noexcept override {
    permit.give_back();
    is_over_.store(true, std::memory_order_release);
  }
  void refused() noexcept override {}
  void wait() const {
    while (!is_over_.load(std::memory_order_acquire)) std::this_thread::yield();
  }

 private:
  std::atomic<bool> is_over_{true};
};

template <class Needs>
void enter_all(benchmark::State& state, Needs&& needs) {
  std::array<Request, 256> requests;
  std::size_t next = 0;
  for (auto _ : state) {
    Request& request = requests[next++ % requests.size()];
    request.wait();
    request.enter(needs());
  }
  for (const Request& request : requests) request.wait();
  state.SetItemsProcessed(state.iterations());
}

void limits(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  enter_all(state, [count] {
    Admission::Needs needs(count);
    for (std::uint32_t i = 0; i < count; ++i) needs[i].limit = i;
    return needs;
  });
}

/// Each thread comes with keys of its own; each is forgotten when it is idle.
void keys(benchmark::State& state) {
  std::uint32_t number = static_cast<std::uint32_t>(state.thread_index()) << 24;
  enter_all(state, [&number] {
    Admission::Needs needs(1);
    needs[0].key = "registry.example/" + std::to_string(++number % 64);
    return needs;
  });
}

/// There are always some who wait; the permit goes from thread to thread.
class Holding final : public Admission::Request {
 public:
  void admitted(Permit permit) noexcept override {
    permit_ = std::move(permit);
    has_permit_.store(true, std::memory_order_release);
  }
  void refused() noexcept override {}
  void end() {
    while (!has_permit_.load(std::memory_order_acquire)) std::this_thread::yield();
    has_permit_.store(false, std::memory_order_relaxed);
    permit_.give_back();
  }

 private:
  std::atomic<bool> has_permit_{false};
  Permit permit_;
};

void crowded(benchmark::State& state) {
  std::array<Holding, 16> requests;
  for (auto _ : state) {
    for (Holding& request : requests) the_admission->enter(request);
    for (Holding& request : requests) request.end();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(requests.size()));
}

/// Who can't get in.
class Waiting final : public Admission::Request {
 public:
  explicit Waiting(const Admission::Party& party) : Request(&party) {}
  void admitted(Permit /*permit*/) noexcept override {}
  void refused() noexcept override {}
};

/// As many as that stand before it, halted; and they are let go and halted again for each.
void behind_halted(benchmark::State& state) {
  Admission admission({{"limit", 1, {}, {}}}, the_clock);
  Admission::Party party;
  Admission::Party others;
  std::deque<Waiting> crowd;
  Holding first;
  admission.enter(first);
  for (std::int64_t i = 0; i < state.range(0); ++i) admission.enter(crowd.emplace_back(others));
  admission.halt(others);
  first.end();
  Holding request;
  Holding next;
  admission.enter(request);
  for (auto _ : state) {
    admission.enter(next);  // waits
    admission.resume(others);
    admission.halt(others);
    request.end();
    next.end();
    admission.enter(request);
  }
  request.end();
  admission.close();
  state.SetItemsProcessed(2 * state.iterations());
}

void settings(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("limits")->Setup(limits_of_three)->Teardown(end)->UseRealTime();
  for (const int threads : {1, 2, 4}) benchmark->Threads(threads);
}
BENCHMARK(limits)->Arg(1)->Arg(2)->Apply(settings);
BENCHMARK(keys)->Arg(1)->Apply(settings);
BENCHMARK(crowded)->Arg(1)->Apply(settings);
BENCHMARK(behind_halted)->ArgName("halted")->Arg(1)->Arg(1000)->Arg(60'000);

}  // namespace
}  // namespace weir::bench

BENCHMARK_MAIN();
