#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support.hpp"

namespace weir::e2e {
namespace {

struct Case {
  const char* nodes;
  Strings options;
  Strings written;  ///< all lines that it prints or writes to its file, sorted
};

Strings numbers(int from, int to) {
  Strings lines;
  for (int i = from; i <= to; ++i) lines.push_back(std::to_string(i));
  std::sort(lines.begin(), lines.end());
  return lines;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {R"(
numbers: {source: range, to: 12}
echoed: {from: numbers, run: [echo, '${{ item }}'], emit: stdout, limit: 3}
queue: {from: echoed, queue: fifo}
read: {from: queue, run: ['true'], limit: 2, timeout: 60s, retry: {attempts: 2, backoff: 1ms}}
shown: {from: read, sink: print})",
       {"--quiet"},
       numbers(1, 12)},
      {R"(
numbers: {source: range, to: 12}
slept: {from: numbers, function: sleep, for: 1ms, ordered: true}
queue: {from: slept, queue: fifo, capacity: 3}
pairs: {from: queue, function: batch, size: 2}
read: {from: pairs, run: [cat], stdin: item, emit: stdout, throttle: {match: never}, limit: 1}
apart: {from: read, function: split, by: ','}
bare: {from: apart, function: trim, chars: '[]'}
written: {from: bare, sink: lines, path: out})",
       {"--progress", "json", "--trace", "trace.json"},
       numbers(1, 12)},
      {R"(
numbers: {source: range, to: 400}
texts: {from: numbers, function: format, text: 'a${{ item }}'}
sevens: {from: texts, function: contains, text: '77'}
bare: {from: sevens, function: replace, regex: 'a(.)', with: '\1'}
sorted: {from: bare, function: sort}
shown: {from: sorted, sink: print}
counts: {from: bare, function: count_by}
records: {from: counts, sink: jsonl, path: records})",
       {"--quiet", "--ui", "127.0.0.1:0"},
       {"177", "277", "377", "77"}},
  };
  return all;
}

/// A run in which some allocations fail: which one of its number decides.
class AllocationsThatFail : public EndToEnd {
 protected:
  static long number_from(const char* variable, long otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtol(text, nullptr, 10);
  }

  /// How many there are if none fails.
  static long count_allocations(const Case& of) {
    const Folder folder;
    const Ended ended = run_in(folder, of, {{"WEIR_ALLOCATIONS_FILE", folder.file("count")}});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(written(folder, ended), of.written);
    return std::stol(folder.read("count"));
  }

  static Ended run_in(const Folder& folder, const Case& of,
                      std::vector<std::pair<std::string, std::string>> environment) {
    folder.write("test.yaml", pipeline(of.nodes));
    Strings arguments = {"run", "test.yaml"};
    arguments.insert(arguments.end(), of.options.begin(), of.options.end());
    // A link, as the name of a library in LD_PRELOAD ends at a space or a colon.
    std::filesystem::create_symlink(WEIR_ALLOCATIONS_THAT_FAIL, folder.file("fail.so"));
    environment.emplace_back("LD_PRELOAD", "./fail.so");
    return Process(WEIR_BINARY, {.arguments = arguments,
                                 .environment = std::move(environment),
                                 .folder = folder.path()})
        .wait();
  }

  static Strings written(const Folder& folder, const Ended& ended) {
    Strings lines = lines_of(folder.has("out") ? folder.read("out") : ended.out);
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  /// It ends by itself, says why, and what it has left can be done.
  static void expect_an_end(const Case& of, const std::string& which) {
    const Folder folder;
    const Ended ended = run_in(folder, of, {{"WEIR_ALLOCATIONS_FAIL", which}});
    EXPECT_EQ(ended.signal, 0) << ended.err;
    EXPECT_TRUE(ended.status == 0 || ended.status == 1 || ended.status == 3)
        << ended.status << ": " << ended.err;
    if (ended.status == 0) {
      EXPECT_EQ(written(folder, ended), of.written);
    } else {
      EXPECT_NE(ended.err, "");
    }
    if (ended.status == 0 || !folder.has(".weir/runs/latest")) return;
    const Ended resumed = Process(WEIR_BINARY, {.arguments = {"run", "test.yaml", "-q", "--resume"},
                                                .folder = folder.path()})
                              .wait();
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(written(folder, resumed), of.written);
  }
};

TEST_F(AllocationsThatFail, NeverHangOrCrashWeirOrLoseItems) {
  const long runs = number_from("WEIR_ALLOCATION_FAULTS", 24);
  const long seed = number_from("WEIR_ALLOCATION_SEED", 1);
  std::vector<long> counts;
  for (const Case& of : cases()) counts.push_back(count_allocations(of));
  for (long i = seed; i < seed + runs; ++i) {
    const std::size_t of = static_cast<std::size_t>(i) % cases().size();
    std::mt19937_64 random(static_cast<std::uint64_t>(i));
    const long first = std::uniform_int_distribution<long>(0, counts[of])(random);
    constexpr const char* kFailing[] = {"1", "1", "5", "100", "all"};
    const std::string which =
        std::to_string(first) + ' ' + kFailing[random() % std::size(kFailing)];
    SCOPED_TRACE("WEIR_ALLOCATION_SEED=" + std::to_string(i) +
                 " WEIR_ALLOCATION_FAULTS=1, pipeline " + std::to_string(of) + ", LD_PRELOAD=" +
                 WEIR_ALLOCATIONS_THAT_FAIL + " WEIR_ALLOCATIONS_FAIL='" + which + "'");
    try {
      expect_an_end(cases()[of], which);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();  // it has waited for too long
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace weir::e2e
