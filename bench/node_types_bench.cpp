// What an item costs at a built-in node, in the loop over a batch of 1,000, on one thread.

#include <benchmark/benchmark.h>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <weir/testing.hpp>

#include "nodes/aggregate/count_by.hpp"
#include "nodes/aggregate/sort.hpp"
#include "nodes/stream/stream.hpp"
#include "nodes/text/parts.hpp"
#include "nodes/text/search.hpp"

namespace {

using weir::abi::BatchPtr;
using weir::testing::NodeUnderTest;
using Parameters = std::initializer_list<weir::testing::Parameter>;

constexpr std::size_t kBatch = 1000;

/// Items to be copied anew for each round, as a node may write over them. Their bytes are shared.
class Texts {
 public:
  explicit Texts(std::vector<std::string> texts)
      : batch_(weir::abi::Batch::make(&weir::abi::type_info<std::string_view>, kBatch)) {
    weir::abi::TextStorage storage;
    for (const std::string& text : texts) {
      ::new (batch_->item(batch_->count++)) std::string_view(storage.keep(text));
    }
    batch_->storage = storage.take(nullptr);
  }
  BatchPtr batch() const {
    BatchPtr copy(weir::abi::Batch::make(batch_->type, batch_->count));
    std::memcpy(copy->items(), batch_->items(), batch_->count * sizeof(std::string_view));
    copy->count = batch_->count;
    batch_->storage->acquire();
    copy->storage = batch_->storage;
    return copy;
  }

 private:
  BatchPtr batch_;
};

/// Drops what comes out.
struct Dropping final : weir::abi::Context {
  void emit(std::uint32_t, weir::abi::Batch* batch) noexcept override {
    weir::abi::Batch::release(batch);
  }
  void fail(weir::abi::Batch*, std::uint32_t, const weir::Failure&) noexcept override {}
  bool hand_back(weir::abi::Batch*, std::uint32_t) noexcept override { return false; }
};

std::string word(std::mt19937& random) {
  // Few words are frequent, many are rare.
  const auto rank =
      static_cast<unsigned>(1.0 / (1e-5 + 1e-9 * static_cast<double>(random() % 1'000'000'000)));
  std::string text;
  for (unsigned rest = rank * 2654435761U >> 8; text.size() < 3 + rank % 5; rest /= 26) {
    text += static_cast<char>('a' + rest % 26);
  }
  return text;
}

/// Lines of 50 bytes, one in ten of which has "error" in it.
std::vector<std::string> lines() {
  std::mt19937 random(1);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < kBatch; ++i) {
    std::string line;
    while (line.size() < 50) (line += word(random)) += ' ';
    line.resize(50);
    if (random() % 10 == 0) line.replace(random() % 45, 5, "error");
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> words(std::size_t count) {
  std::mt19937 random(2);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.push_back(word(random));
  return words;
}

/// Numbers below a million, all equally frequent: no cache is of much use.
std::vector<std::string> numbers(std::size_t count) {
  std::mt19937 random(3);
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(std::to_string(random() % 1'000'000));
  return numbers;
}

template <class N>
void run(benchmark::State& state, Parameters parameters, const std::vector<std::string>& items) {
  NodeUnderTest<N> node(parameters);
  node.start();
  const Texts texts(items);
  Dropping dropping;
  for (auto _ : state) node.instance().process(texts.batch().release(), node.host(), dropping);
  state.counters["item"] = benchmark::Counter(
      static_cast<double>(items.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

struct Passing {
  static void describe(weir::Describe<Passing>& d) { d.node("passing", "What all of them pay."); }
  std::string_view operator()(std::string_view text) const { return text; }
};

void register_all() {
  const auto add = [](const char* name, auto&& body) { benchmark::RegisterBenchmark(name, body); };
  using namespace weir::nodes;
  add("passing", [](benchmark::State& s) { run<Passing>(s, {}, lines()); });
  add("contains/error", [](benchmark::State& s) {
    run<Contains>(s, {{"text", "error"}}, lines());
  });
  add("contains/e", [](benchmark::State& s) { run<Contains>(s, {{"text", "e"}}, lines()); });
  add("contains/ignore_case", [](benchmark::State& s) {
    run<Contains>(s, {{"text", "Error"}, {"ignore_case", true}}, lines());
  });
  add("replace/error", [](benchmark::State& s) {
    run<Replace>(s, {{"text", "error"}, {"with", "warning"}}, lines());
  });
  add("replace/blank", [](benchmark::State& s) {
    run<Replace>(s, {{"text", " "}, {"with", "__"}}, lines());
  });
  add("match/error", [](benchmark::State& s) { run<Match>(s, {{"regex", "err.r"}}, lines()); });
  add("split/words", [](benchmark::State& s) { run<Split>(s, {}, lines()); });
  add("split/by", [](benchmark::State& s) { run<Split>(s, {{"by", " "}}, lines()); });
  add("upper", [](benchmark::State& s) { run<Upper>(s, {}, lines()); });
  add("lower/nothing_to_do", [](benchmark::State& s) { run<Lower>(s, {}, lines()); });
  add("trim", [](benchmark::State& s) { run<Trim>(s, {}, lines()); });
  add("dedupe", [](benchmark::State& s) { run<Dedupe>(s, {}, words(kBatch)); });
}

/// As many items as a real run has: what matters are the caches.
template <class N>
void collect(benchmark::State& state, Parameters parameters,
             const std::vector<std::string>& items) {
  const std::size_t count = items.size();
  std::vector<Texts> batches;
  for (std::size_t at = 0; at < count; at += kBatch) {
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(at);
    batches.emplace_back(std::vector<std::string>(begin, begin + kBatch));
  }
  Dropping dropping;
  for (auto _ : state) {
    NodeUnderTest<N> node(parameters);
    node.start();
    for (const Texts& texts : batches) {
      node.instance().process(texts.batch().release(), node.host(), dropping);
    }
    std::string error;
    while (node.instance().produce(kBatch, node.host(), dropping, error) ==
           weir::abi::Produced::more) {
    }
  }
  state.counters["item"] =
      benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

void register_collectors() {
  using namespace weir::nodes;
  const auto add = [](const char* name, auto&& body) {
    benchmark::RegisterBenchmark(name, body)->Unit(benchmark::kMillisecond);
  };
  constexpr std::size_t kMillion = 1'000'000;
  using S = benchmark::State;
  add("count_by/10M_words", [](S& s) { collect<CountBy>(s, {}, words(10 * kMillion)); });
  add("count_by/10M_numbers", [](S& s) { collect<CountBy>(s, {}, numbers(10 * kMillion)); });
  add("sort/1M_words", [](S& s) { collect<Sort>(s, {}, words(kMillion)); });
  add("sort/1M_numbers", [](S& s) { collect<Sort>(s, {}, numbers(kMillion)); });
  add("sort/10M_words_in_files", [](S& s) { collect<Sort>(s, {}, words(10 * kMillion)); });
  add("sort/10M_numbers_in_files", [](S& s) { collect<Sort>(s, {}, numbers(10 * kMillion)); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  register_all();
  register_collectors();
  benchmark::RunSpecifiedBenchmarks();
}
