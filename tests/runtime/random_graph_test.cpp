// Random graphs against a simple sequential model: the same items everywhere, limits kept, accounts
// balanced, under whatever schedule the machine makes of it.

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include "support.hpp"

namespace weir::test {
namespace {

using Items = std::vector<std::int64_t>;

/// What one item becomes: what each port gets, in the order of Graph::Node::ports.
struct Outcome {
  std::vector<Items> ports;
  bool failed = false;
};

struct Kind {
  const char* declaration;  ///< "function: add"
  bool takes_k = false;
  bool may_have_limit = true;
  std::vector<std::string> ports = {"out"};
  Outcome (*apply)(std::int64_t x, std::int64_t k) = nullptr;
};

Outcome give(Items out) { return {{std::move(out)}, false}; }
Outcome fail() { return {{{}}, true}; }

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"function: add",
       true,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t k) { return give({x + k}); }},
      {"function: odd",
       false,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give(x % 2 != 0 ? Items{x} : Items{}); }},
      {"function: repeat",
       true,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t k) { return give(Items(static_cast<std::size_t>(k), x)); }},
      {"function: fail_some",
       true,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t k) { return x % k == 0 ? fail() : give({x}); }},
      {"function: serial",
       false,
       false,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give({x}); }},
      {"function: parity",
       false,
       true,
       {"even", "odd"},
       [](std::int64_t x, std::int64_t) {
         return Outcome{{x % 2 == 0 ? Items{x} : Items{}, x % 2 != 0 ? Items{x} : Items{}}, false};
       }},
      {"function: parse",
       false,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give({x}); }},
      {"function: pass",
       false,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give({x}); }},
      {"function: wait",
       true,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t k) { return x != 0 && x % k == 0 ? fail() : give({x}); }},
      {"function: block",
       false,
       true,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give({x}); }},
      {"queue: fifo",
       false,
       false,
       {"out"},
       [](std::int64_t x, std::int64_t) { return give({x}); }},
  };
  return all;
}

struct Reading {
  std::size_t node = 0;
  std::string port;
};

struct GraphNode {
  std::string name;
  const Kind* kind = nullptr;  ///< null: a source of 1..to, or a sink
  std::int64_t to = 0;
  std::int64_t k = 0;
  int limit = 0;
  std::vector<int> shared;  ///< the limits that it shares, by their numbers
  bool ordered = false;
  int capacity = 0;
  int max_in_flight = 0;
  std::vector<Reading> from;
  std::string collects;  ///< a sink's name for the collection

  // What the model says.
  std::map<std::string, Items> given;
  std::int64_t in = 0;
  std::int64_t failed = 0;
  bool in_order = false;  ///< what it gives out (of a sink: what it gets) has the model's order
};

class Graph {
 public:
  explicit Graph(std::uint32_t seed) : random_(seed) {
    const int sources = below(3) + 1;
    for (int i = 0; i < sources; ++i) {
      GraphNode& node = add_node("source");
      node.to = below(4) == 0 ? below(3000) : below(60);
      if (below(3) == 0) node.max_in_flight = below(20) + 1;
      node.given["out"] = {};
    }
    const int functions = below(8) + 1;
    for (int i = 0; i < functions; ++i) add_function();
    // Every port that nobody reads is collected; some that are read, too: fan-out.
    const std::size_t last = nodes_.size();
    for (std::size_t i = 0; i < last; ++i) {
      for (const std::string& port : ports_of(i)) {
        if (!read_[{i, port}] || below(4) == 0) collect(i, port);
      }
      if (has_failed(i)) collect_failures(i);
    }
    simulate();
  }

  std::string yaml() const {
    std::string to = "weir: 1\n";
    for (int limit = 0; limit < kShared; ++limit) {
      const bool is_used =
          std::any_of(nodes_.begin(), nodes_.end(), [limit](const GraphNode& node) {
            return std::find(node.shared.begin(), node.shared.end(), limit) != node.shared.end();
          });
      if (!is_used) continue;
      if (to.find("limits") == std::string::npos) to += "limits:\n";
      to += fmt::format("  shared{}: {}\n", limit, limit + 1);
    }
    to += "nodes:\n";
    for (const GraphNode& node : nodes_) {
      to += fmt::format("  {}: {{", node.name);
      if (!node.collects.empty()) {
        to += fmt::format("sink: collect, to: {}", node.collects);
      } else if (node.kind == nullptr) {
        to += fmt::format("source: {}, to: {}", node.k == 1 ? "slow" : "range", node.to);
        if (node.max_in_flight > 0) to += fmt::format(", max_in_flight: {}", node.max_in_flight);
      } else {
        to += node.kind->declaration;
        if (node.kind->takes_k) to += fmt::format(", k: {}", node.k);
        std::vector<std::string> limits;
        for (const int limit : node.shared) limits.push_back(fmt::format("shared{}", limit));
        if (node.limit > 0) to += fmt::format(", limit: {}", node.limit);
        if (!limits.empty()) to += fmt::format(", limit: [{}]", fmt::join(limits, ", "));
        if (node.ordered) to += ", ordered: true";
        if (node.capacity > 0) to += fmt::format(", capacity: {}", node.capacity);
      }
      if (!node.from.empty()) {
        std::vector<std::string> from;
        for (const Reading& reading : node.from) {
          from.push_back(nodes_[reading.node].name +
                         (reading.port == "out" ? "" : "." + reading.port));
        }
        to += fmt::format(", from: [{}]", fmt::join(from, ", "));
      }
      to += "}\n";
    }
    return to;
  }

  const std::vector<GraphNode>& nodes() const { return nodes_; }
  Items expected_in_order(const GraphNode& sink) const {
    Items all;
    for (const Reading& reading : sink.from) {
      const Items& items = nodes_[reading.node].given.at(reading.port);
      all.insert(all.end(), items.begin(), items.end());
    }
    return all;
  }
  Items expected(const GraphNode& sink) const {
    Items all = expected_in_order(sink);
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  static constexpr int kShared = 2;  // limits

  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

  GraphNode& add_node(const char* what) {
    GraphNode& node = nodes_.emplace_back();
    node.name = fmt::format("{}{}", what, nodes_.size());
    node.k = below(2);
    return node;
  }

  std::vector<std::string> ports_of(std::size_t index) const {
    const GraphNode& node = nodes_[index];
    if (!node.collects.empty()) return {};
    return node.kind == nullptr ? std::vector<std::string>{"out"} : node.kind->ports;
  }
  bool has_failed(std::size_t index) const {
    const Kind* kind = nodes_[index].kind;
    return kind != nullptr && std::string(kind->declaration).starts_with("function");
  }

  void add_function() {
    const std::size_t before = nodes_.size();
    GraphNode node;
    node.kind = &kinds()[static_cast<std::size_t>(below(static_cast<int>(kinds().size())))];
    node.name = fmt::format("node{}", before + 1);
    node.k = below(3) + 2;
    if (node.kind->may_have_limit && below(2) == 0) node.limit = below(4) + 1;
    const std::string declaration = node.kind->declaration;
    if (declaration == "function: wait" || declaration == "function: block") {
      for (int limit = 0; limit < kShared; ++limit) {
        if (below(2) == 0) node.shared.push_back(limit);
      }
      if (!node.shared.empty()) node.limit = 0;
    }
    const bool is_queue = declaration.starts_with("queue");
    if (!is_queue) node.ordered = below(2) == 0;
    if (is_queue && below(2) == 0) node.capacity = below(10) + 1;
    const int inputs = below(3) == 0 ? 2 : 1;
    for (int i = 0; i < inputs; ++i) {
      const auto from = static_cast<std::size_t>(below(static_cast<int>(before)));
      const std::vector<std::string> ports = ports_of(from);
      const std::string port =
          ports[static_cast<std::size_t>(below(static_cast<int>(ports.size())))];
      if (i == 1 && node.from[0].node == from && node.from[0].port == port) continue;
      // What a queue with a capacity gives to a queue would leave it at once: an error of the file.
      if (is_queue) nodes_[from].capacity = 0;
      node.from.push_back({from, port});
      read_[{from, port}] = true;
    }
    nodes_.push_back(node);
  }

  void collect(std::size_t from, const std::string& port) {
    GraphNode& sink = add_node("sink");
    sink.collects = sink.name;
    sink.from.push_back({from, port});
  }

  /// node.failed → item_of → collect
  void collect_failures(std::size_t from) {
    static const Kind kItemOf = {
        "function: item_of", false, true, {"out"}, [](std::int64_t x, std::int64_t) {
          return give({x});
        }};
    const std::size_t index = nodes_.size();
    GraphNode& item = add_node("item");
    item.kind = &kItemOf;
    item.from.push_back({from, "failed"});
    collect(index, "out");
  }

  void simulate() {
    for (GraphNode& node : nodes_) {
      for (const std::string& port :
           node.kind == nullptr ? std::vector<std::string>{"out"} : node.kind->ports) {
        node.given[port];
      }
      node.given["failed"];
      node.in_order = keeps_order(node);
      if (node.collects.empty() && node.kind == nullptr) {
        for (std::int64_t x = 1; x <= node.to; ++x) node.given["out"].push_back(x);
        node.in = node.to;
        continue;
      }
      for (const Reading& reading : node.from) {
        for (const std::int64_t x : nodes_[reading.node].given[reading.port]) {
          ++node.in;
          if (node.kind == nullptr) continue;
          const Outcome outcome = node.kind->apply(x, node.k);
          if (outcome.failed) {
            ++node.failed;
            node.given["failed"].push_back(x);
            continue;
          }
          for (std::size_t port = 0; port < outcome.ports.size(); ++port) {
            Items& given = node.given[node.kind->ports[port]];
            given.insert(given.end(), outcome.ports[port].begin(), outcome.ports[port].end());
          }
        }
      }
    }
  }

  /// Whether it has one input, that has the model's order, and keeps it.
  bool keeps_order(const GraphNode& node) const {
    if (node.from.empty()) return true;
    if (node.from.size() > 1) return false;
    const Reading& from = node.from[0];
    if (!nodes_[from.node].in_order || from.port == "failed") return false;
    const bool one_at_a_time =
        node.kind == nullptr || !node.kind->may_have_limit || node.limit == 1;
    return one_at_a_time || node.ordered;
  }

  std::mt19937 random_;
  std::vector<GraphNode> nodes_;
  std::map<std::pair<std::size_t, std::string>, bool> read_;
};

class Seeded : public ::testing::Test {
 protected:
  void SetUp() override { Probe::current() = nullptr; }
};

TEST_F(Seeded, RandomGraphsGiveWhatASequentialModelGives) {
  for (int seed = 1; seed <= seeds(200); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const Graph graph(static_cast<std::uint32_t>(seed));
    Collection collection;
    Collection::current() = &collection;
    const RunSummary summary = run_yaml(graph.yaml(), seed % 3 + 1);
    bool any_failed = false;
    for (const GraphNode& node : graph.nodes()) {
      const Counts& counts = counts_of(summary, node.name);
      EXPECT_EQ(counts.in, node.in) << node.name;
      EXPECT_EQ(counts.failed, node.failed) << node.name;
      EXPECT_EQ(counts.done, node.in - node.failed) << node.name;
      EXPECT_EQ(counts.running, 0) << node.name;
      if (node.limit > 0) {
        EXPECT_LE(counts.peak_running, node.limit) << node.name;
      }
      if (node.capacity > 0) {
        EXPECT_LE(counts.peak_waiting, node.capacity) << node.name;
      }
      any_failed = any_failed || node.failed > 0;
      if (!node.collects.empty()) {
        EXPECT_EQ(collection.sorted(node.collects), graph.expected(node)) << node.name;
        if (node.in_order) {
          EXPECT_EQ(collection.in_order(node.collects), graph.expected_in_order(node)) << node.name;
        }
      }
    }
    EXPECT_EQ(summary.exit_code, any_failed ? 1 : 0);
    ASSERT_FALSE(HasFailure()) << graph.yaml();
  }
}

TEST_F(Seeded, ARunThatIsStoppedInTheMiddleKeepsItsAccounts) {
  for (int seed = 1; seed <= seeds(100); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const Graph graph(static_cast<std::uint32_t>(seed));
    // A sink that can't work stops everything, at some moment.
    const std::string yaml = graph.yaml() + "  zz1: {source: range, to: 10}\n" +
                             "  zz2: {from: zz1, function: wait}\n" +
                             "  zz3: {from: zz2, sink: broken}\n";
    Collection collection;
    Collection::current() = &collection;
    const RunSummary summary = run_yaml(yaml, seed % 3 + 1);
    EXPECT_EQ(summary.exit_code, 3);
    ASSERT_EQ(summary.errors, std::vector<std::string>{"zz3: the disk is full"});
    for (const NodeSummary& node : summary.nodes) {
      EXPECT_TRUE(node.counts.balanced()) << node.name;
      EXPECT_EQ(node.counts.running, 0) << node.name;
    }
    ASSERT_FALSE(HasFailure()) << yaml;
  }
}

}  // namespace
}  // namespace weir::test
