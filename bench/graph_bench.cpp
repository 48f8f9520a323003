// What an item costs on its way through a graph: declared in YAML, and the same graph by hand. One
// iteration is a whole run; `per_item` is the figure to compare.

#include <benchmark/benchmark.h>
#include <string>

#include <weir/pipeline.hpp>

#include "by_hand.hpp"
#include "nodes.hpp"

namespace weir::bench {
namespace {

constexpr std::int64_t kDeclaredItems = 10'000'000;
constexpr std::int64_t kByHandItems = 1'000'000;

void report(benchmark::State& state, std::int64_t items) {
  state.counters["per_item"] =
      benchmark::Counter(static_cast<double>(state.iterations() * items),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::string number(std::int64_t value) { return std::to_string(value); }

std::string chain_yaml(int length, std::int64_t items = kDeclaredItems) {
  std::string yaml = "weir: 1\nnodes:\n  n0: {source: count, to: " + number(items) + "}\n";
  for (int i = 1; i <= length; ++i) {
    yaml += "  n" + number(i) + ": {from: n" + number(i - 1) + ", function: scale}\n";
  }
  return yaml + "  end: {from: n" + number(length) + ", sink: add_up}\n";
}

std::string pool_yaml(std::int64_t items = kDeclaredItems) {
  return "weir: 1\nnodes:\n"
         "  items: {source: count, to: " +
         number(items) +
         "}\n"
         "  write: {from: items, function: scale}\n"
         "  queue: {from: write, queue: fifo}\n"
         "  read: {from: queue, function: scale, limit: 3}\n"
         "  end: {from: read, sink: add_up}\n";
}

void run_declared(benchmark::State& state, const std::string& yaml, std::uint32_t batch = 0) {
  PipelineOptions options;
  options.nodes.push_back(bench_nodes());
  const std::int64_t items = batch == 0 ? kDeclaredItems : kByHandItems;
  const Pipeline pipeline = Pipeline::parse(yaml, "bench.yaml", std::move(options));
  for (auto _ : state) {
    reset_added_up();
    const RunSummary summary = pipeline.run({.batch = batch});
    if (summary.exit_code != 0) return state.SkipWithError("the run failed");
    benchmark::DoNotOptimize(added_up());
  }
  report(state, items);
}

void declared_chain(benchmark::State& state) {
  run_declared(state, chain_yaml(static_cast<int>(state.range(0))));
}
void declared_pool(benchmark::State& state) { run_declared(state, pool_yaml()); }
/// An item a message, as by hand.
void declared_chain_batch_1(benchmark::State& state) {
  run_declared(state, chain_yaml(static_cast<int>(state.range(0)), kByHandItems), 1);
}
void declared_pool_batch_1(benchmark::State& state) {
  run_declared(state, pool_yaml(kByHandItems), 1);
}

void by_hand_chain(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain_by_hand(kByHandItems, static_cast<int>(state.range(0))));
  }
  report(state, kByHandItems);
}
void by_hand_pool(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(pool_by_hand(kByHandItems));
  report(state, kByHandItems);
}
void parallel_pipeline_chain(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain_by_pipeline(kByHandItems, static_cast<int>(state.range(0))));
  }
  report(state, kByHandItems);
}

#ifdef WEIR_TASKFLOW
void taskflow_chain(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain_by_taskflow(kByHandItems, static_cast<int>(state.range(0))));
  }
  report(state, kByHandItems);
}
BENCHMARK(taskflow_chain)->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
#endif

BENCHMARK(declared_chain)->Arg(1)->Arg(4)->Arg(8)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(declared_chain_batch_1)->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(declared_pool_batch_1)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(by_hand_chain)->Arg(1)->Arg(4)->Arg(8)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(parallel_pipeline_chain)->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(declared_pool)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(by_hand_pool)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weir::bench

BENCHMARK_MAIN();
