// What the journal of a run costs: the thread that hands events over, and the thread that writes.
// In a folder below TMPDIR, or /tmp: set TMPDIR to measure another disk.

#include <benchmark/benchmark.h>
#include <cstdio>
#include <filesystem>
#include <random>
#include <stdlib.h>
#include <string>
#include <vector>

#include "journal/history.hpp"
#include "journal/item_log.hpp"
#include "journal/journal.hpp"
#include "journal/time.hpp"

namespace {

using weir::journal::Ended;
using weir::journal::History;
using weir::journal::Journal;
using weir::journal::Key;
using weir::journal::Secrets;
using weir::journal::Started;

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir-bench-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::vector<Key> keys(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<Key> keys(count);
  for (Key& key : keys) key = {random(), random()};
  return keys;
}

void must_work(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::abort();
}

Started started(const Key& key, std::size_t number) {
  const std::int64_t now = weir::journal::now_ns();
  return {.node = "build",
          .key = key,
          .seq = static_cast<std::int64_t>(number + 1),
          .parent = key,
          .item = "registry.example.org/team/image-" + std::to_string(number),
          .config = "0123456789abcdef",
          .arrived_ns = now,
          .queued_ns = now,
          .admitted_ns = now,
          .started_ns = now,
          .held_by = {},
          .held_for = {},
          .needs = {}};
}

Ended ended(const Key& key) {
  return {.node = "build",
          .key = key,
          .ended_ns = weir::journal::now_ns(),
          .status = 0,
          .cpu_ns = {},
          .error = {},
          .output = std::string(40, 'x')};
}

/// Pairs of events, from the first handed over to the last committed.
void pairs_written(benchmark::State& state) {
  const std::vector<Key> all = keys(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    state.PauseTiming();
    {
      const Folder folder;
      Journal journal(folder / "run.db", must_work);
      state.ResumeTiming();
      for (std::size_t i = 0; i < all.size(); ++i) {
        journal.started(started(all[i], i));
        journal.ended(ended(all[i]));
      }
      journal.flush();
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(pairs_written)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// What the caller pays for an event while the writer is busy with others.
void event_handed_over(benchmark::State& state) {
  const std::vector<Key> all = keys(20'000);
  const Folder folder;
  Journal journal(folder / "run.db", must_work);
  std::size_t at = 0;
  for (auto _ : state) {
    if (at == all.size()) {
      state.PauseTiming();
      journal.flush();
      at = 0;
      state.ResumeTiming();
    }
    journal.started(started(all[at], at));
    journal.ended(ended(all[at]));
    ++at;
  }
  state.SetItemsProcessed(2 * state.iterations());
}
BENCHMARK(event_handed_over)->UseRealTime();

/// From an event to its being safe, if there is one at a time.
void event_safe(benchmark::State& state) {
  const std::vector<Key> all = keys(100'000);
  const Folder folder;
  Journal journal(folder / "run.db", must_work);
  std::size_t at = 0;
  for (auto _ : state) {
    const Key& key = all[at % all.size()];
    if (at % 2 == 0) {
      journal.started(started(key, at));
    } else {
      journal.ended(ended(all[(at - 1) % all.size()]));
    }
    journal.flush();
    ++at;
  }
}
BENCHMARK(event_safe)->UseRealTime()->Unit(benchmark::kMicrosecond);

void history_loaded(benchmark::State& state) {
  const std::vector<Key> all = keys(100'000);
  const Folder folder;
  {
    Journal journal(folder / "run.db", must_work);
    for (std::size_t i = 0; i < all.size(); ++i) {
      journal.started(started(all[i], i));
      journal.ended(ended(all[i]));
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(History::load(folder / "run.db"));
}
BENCHMARK(history_loaded)->Unit(benchmark::kMillisecond);

/// A command's output, in pieces as pipes give them.
void masked(benchmark::State& state) {
  const Secrets secrets({"correct horse battery staple", "hunter2hunter2", "AKIAIOSFODNN7EXAMPLE"});
  std::mt19937 random(1);
  std::string text(65536, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 26);
  for (auto _ : state) {
    weir::journal::Masker masker(secrets);
    benchmark::DoNotOptimize(masker.feed(text));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(masked);

}  // namespace

BENCHMARK_MAIN();
