// Random graphs in which many items are equal, run, resumed, and resumed again, against a model
// that says what is to be done each time. WEIR_SEEDS says how many there are.

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <set>
#include <unistd.h>

#include "journal/history.hpp"
#include "journal/secrets.hpp"
#include "support.hpp"

namespace weir::test {
namespace {

using Items = std::vector<std::int64_t>;
using Lines = Ledger::Lines;

/// Steps, and nodes that compute between them.
class StepGraph {
 public:
  explicit StepGraph(int seed) : random_(static_cast<unsigned>(seed)) {
    const int sources = 1 + below(2);
    for (int i = 0; i < sources; ++i) nodes_.push_back({.name = "", .to = 1 + below(12)});
    const int functions = 2 + below(6);
    for (int i = 0; i < functions; ++i) add_function();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].name = fmt::format("n{}", i);
      if (nodes_[i].is_step) steps_.push_back(i);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (std::int64_t x = 1; x <= nodes_[i].to; ++x) hand_on(i, x, lines_);
    }
    std::sort(lines_.begin(), lines_.end());
  }

  std::string yaml() const {
    std::string to = "weir: 1\nnodes:\n";
    for (const Node& node : nodes_) {
      to += fmt::format("  {}: {{", node.name);
      if (node.to > 0) {
        to += fmt::format("source: range, to: {}", node.to);
        if (node.max_in_flight > 0) to += fmt::format(", max_in_flight: {}", node.max_in_flight);
      } else if (node.is_step) {
        to += fmt::format("function: step, as: {}, k: {}", node.name, node.k);
        if (node.limit > 0) to += fmt::format(", limit: {}", node.limit);
      } else if (node.repeats) {
        to += fmt::format("function: repeat, k: {}", node.k);
      } else {
        to += "queue: fifo";
      }
      Strings from;
      for (const std::size_t read : node.reads) from.push_back(nodes_[read].name);
      if (!from.empty()) to += fmt::format(", from: [{}]", fmt::join(from, ", "));
      to += "}\n";
    }
    return to;
  }

  /// What all steps work on, sorted.
  const Lines& lines() const { return lines_; }
  /// What comes of that, when it is worked on: a line of it. Sorted.
  Lines with_descendants(const std::string& line) const {
    const std::size_t space = line.find(' ');
    Lines to;
    work(static_cast<std::size_t>(std::stoi(line.substr(1, space))), std::stoll(line.substr(space)),
         to);
    std::sort(to.begin(), to.end());
    return to;
  }
  /// Any of the lines, by its step and which of its items it is.
  std::pair<std::string, int> any_line() {
    const std::string& line = lines_[static_cast<std::size_t>(below(lines_count()))];
    const std::string name = line.substr(0, line.find(' '));
    const auto items = std::count_if(lines_.begin(), lines_.end(), [&](const std::string& other) {
      return other.starts_with(name + " ");
    });
    return {name, below(static_cast<int>(items))};
  }

 private:
  using Strings = std::vector<std::string>;
  struct Node {
    std::string name;
    std::int64_t to = 0;  ///< of a source
    int max_in_flight = 0;
    bool is_step = false;
    bool repeats = false;
    std::int64_t k = 1;
    int limit = 0;
    std::vector<std::size_t> reads = {};
  };

  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  int lines_count() const { return static_cast<int>(lines_.size()); }

  void add_function() {
    Node node;
    node.is_step = below(3) != 0;
    node.repeats = below(2) == 0;
    node.k = node.is_step ? 1 + below(4) : 1 + below(3);
    if (below(2) == 0) node.limit = 1 + below(3);
    std::set<std::size_t> reads;
    for (int i = 1 + below(3); i > 0; --i) {
      reads.insert(static_cast<std::size_t>(below(static_cast<int>(nodes_.size()))));
    }
    node.reads.assign(reads.begin(), reads.end());
    for (const std::size_t read : node.reads) {
      if (nodes_[read].to > 0 && below(3) == 0) nodes_[read].max_in_flight = 1 + below(3);
    }
    nodes_.push_back(node);
  }

  void work(std::size_t index, std::int64_t x, Lines& to) const {
    const Node& node = nodes_[index];
    if (node.is_step) {
      to.push_back(fmt::format("{} {}", node.name, x));
      return hand_on(index, x / node.k, to);
    }
    for (std::int64_t i = 0; i < (node.repeats ? node.k : 1); ++i) hand_on(index, x, to);
  }
  void hand_on(std::size_t index, std::int64_t x, Lines& to) const {
    for (std::size_t i = index + 1; i < nodes_.size(); ++i) {
      const std::vector<std::size_t>& reads = nodes_[i].reads;
      if (std::count(reads.begin(), reads.end(), index) != 0) work(i, x, to);
    }
  }

  std::mt19937 random_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> steps_;
  Lines lines_;
};

/// Runs of one graph in one journal.
class ResumedRuns : public ::testing::Test {
 protected:
  void SetUp() override {
    Probe::current() = nullptr;
    database_ = std::filesystem::temp_directory_path() / fmt::format("weir-resume-{}.db", getpid());
  }
  void TearDown() override { forget(); }

  void forget() {
    for (const char* const more : {"", "-wal", "-shm", "-journal", ".log"}) {
      std::filesystem::remove(database_.string() + more);
    }
  }
  /// What was worked on.
  Lines run(const StepGraph& graph, Ledger& ledger, int threads) {
    const compile::Plan plan = plan_of(graph.yaml());
    const journal::Secrets secrets;
    std::optional<journal::History> past;
    if (std::filesystem::exists(database_)) past = journal::History::load(database_);
    runtime::RunOptions options;
    options.threads = threads;
    options.records.database = database_;
    options.records.secrets = &secrets;
    options.records.past = past ? &*past : nullptr;
    Ledger::current() = &ledger;
    RecordingObserver observer;
    const RunSummary summary = runtime::run(plan, options, observer);
    EXPECT_EQ(summary.errors, std::vector<std::string>{});
    return ledger.take();
  }
  /// All that has been done, as the journal has it: no two items have been taken for one.
  Lines done() const {
    const journal::History history = journal::History::load(database_);
    Lines lines;
    for (const std::string& node : history.nodes()) {
      for (const journal::Row* const row : history.rows(node)) {
        EXPECT_EQ(row->state, journal::State::done) << node << " " << row->item;
        lines.push_back(node + " " + row->item);
      }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  std::filesystem::path database_;
};

TEST_F(ResumedRuns, DoWhatFailedAndWhatComesOfItAndNothingElse) {
  for (int seed = 1; seed <= seeds(100); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    StepGraph graph(seed);
    if (graph.lines().empty() || graph.lines().size() > 2000) continue;
    forget();
    Ledger ledger;
    const int threads = seed % 3 + 1;
    const int failures = seed % 4;
    for (int i = 0; i < failures; ++i) {
      const auto [name, number] = graph.any_line();
      ledger.fail(name, number);
    }
    const Lines first = run(graph, ledger, threads);
    Ledger later;
    Lines second;
    for (const std::string& failed : ledger.failed()) {
      for (std::string& line : graph.with_descendants(failed)) second.push_back(std::move(line));
    }
    std::sort(second.begin(), second.end());
    ASSERT_EQ(run(graph, later, threads), second) << graph.yaml();
    ASSERT_EQ(done(), graph.lines()) << graph.yaml();
    ASSERT_EQ(run(graph, later, threads), Lines()) << graph.yaml();
    ASSERT_EQ(done(), graph.lines()) << graph.yaml();
    if (failures == 0) {
      ASSERT_EQ(first, graph.lines());
    }
    ASSERT_FALSE(HasFailure()) << graph.yaml();
  }
}

}  // namespace
}  // namespace weir::test
