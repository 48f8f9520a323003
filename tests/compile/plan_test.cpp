#include <algorithm>
#include <cstdlib>

#include "support.hpp"

namespace weir::compile {
namespace {

namespace fs = std::filesystem;

const fs::path golden = WEIR_GOLDEN "/plan";

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(golden)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Every FILE.yaml in tests/golden/plan gives the graph of FILE.txt: for people, then on oneTBB.
/// With WEIR_UPDATE_GOLDEN=1 the texts are written instead.
class GoldenPlan : public testing::TestWithParam<std::string> {};

TEST_P(GoldenPlan, IsPrinted) {
  const Registry registry = full_registry();
  const std::string file = GetParam() + ".yaml";
  const Plan plan = plan_of(read_bytes(golden / file), registry, file);
  const std::string printed = print(plan) + "\n" + print_tbb(plan);
  const fs::path expected = golden / (GetParam() + ".txt");
  const char* update = std::getenv("WEIR_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(expected, std::ios::binary) << printed;
    return;
  }
  EXPECT_EQ(read_bytes(expected), printed);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenPlan, testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

class Plans : public testing::Test {
 protected:
  Plan plan(const std::string& nodes) { return plan_of("weir: 1\nnodes:\n" + nodes, registry); }
  static const PlannedNode& node(const Plan& plan, const std::string& name) {
    for (const PlannedNode& node : plan.nodes) {
      if (node.name == name) return node;
    }
    throw std::out_of_range(name);
  }
  /// The type that a node's port carries, or "any".
  static std::string type(const Plan& plan, const std::string& name, std::size_t port = 0) {
    const abi::TypeInfo* type = node(plan, name).ports.at(port).type;
    return type == nullptr ? "any" : type->name;
  }

  const Registry registry = full_registry();
};

TEST_F(Plans, HaveEveryNodeBehindThoseThatItReads) {
  const Plan plan = this->plan(R"(
  last: {from: middle, sink: print}
  middle: {from: first, queue: fifo}
  first: {source: range, to: 1}
)");
  ASSERT_EQ(plan.nodes.size(), 3U);
  EXPECT_EQ(plan.nodes[0].name, "first");
  EXPECT_EQ(plan.nodes[1].name, "middle");
  EXPECT_EQ(plan.nodes[2].name, "last");
  for (const PlannedEdge& edge : plan.edges) EXPECT_LT(edge.from, edge.to);
}

TEST_F(Plans, CarryTypesThroughGenericNodes) {
  const Plan plan = this->plan(R"(
  numbers: {source: range, to: 1}
  wait: {from: numbers, function: sleep, for: 1s}
  held: {from: wait, queue: fifo}
  echo: {from: held, run: [echo]}
  result: {from: echo, run: [echo], emit: result}
  text: {from: result, run: [echo], emit: stdout}
  end: {from: text, sink: print}
)");
  EXPECT_EQ(type(plan, "wait"), "int");
  EXPECT_EQ(type(plan, "held"), "int");
  EXPECT_EQ(type(plan, "echo"), "int");
  EXPECT_EQ(type(plan, "result"), "record");
  EXPECT_EQ(type(plan, "text"), "text");
  EXPECT_EQ(type(plan, "text", 1), "record");
}

TEST_F(Plans, CarryDifferentTypesThroughGenericNodes) {
  const Plan plan = this->plan(R"(
  numbers: {source: range, to: 1}
  texts: {source: list, items: [a]}
  mixed: {from: [numbers, texts], function: sleep, for: 1s}
  text: {from: mixed, function: lookup}
  end: {from: text, sink: print}
)");
  EXPECT_EQ(type(plan, "mixed"), "any");
  EXPECT_EQ(type(plan, "text"), "text");
  EXPECT_EQ(plan.edges.at(node(plan, "text").inputs.at(0)).conversion, Conversion::to_text);
}

TEST_F(Plans, CarryOneTypeFromSeveralSources) {
  const Plan plan = this->plan(R"(
  low: {source: range, to: 1}
  high: {source: range, to: 1}
  both: {from: [low, high], queue: fifo}
  end: {from: both, sink: print}
)");
  EXPECT_EQ(type(plan, "both"), "int");
}

TEST_F(Plans, TurnBuiltInTypesIntoTextWhereTextIsTaken) {
  const Plan plan = this->plan(R"(
  numbers: {source: range, to: 1}
  text: {from: numbers, function: lookup}
  again: {from: text, function: lookup}
)");
  EXPECT_EQ(plan.edges.at(node(plan, "text").inputs.at(0)).conversion, Conversion::to_text);
  EXPECT_EQ(plan.edges.at(node(plan, "again").inputs.at(0)).conversion, Conversion::none);
}

TEST_F(Plans, BringItemsOneByOneToWhatWaitsOrBlocks) {
  const Plan plan = this->plan(R"(
  numbers: {source: range, to: 1}
  wait: {from: numbers, function: sleep, for: 1s}
  block: {from: numbers, function: lookup}
  sum: {from: numbers, function: total}
  end: {from: [wait, block, sum], sink: print}
)");
  EXPECT_TRUE(plan.edges.at(node(plan, "wait").inputs.at(0)).one_by_one);
  EXPECT_TRUE(plan.edges.at(node(plan, "block").inputs.at(0)).one_by_one);
  EXPECT_FALSE(plan.edges.at(node(plan, "sum").inputs.at(0)).one_by_one);
}

TEST_F(Plans, LimitWhatIsNotConstToOneAndWhatBlocksToItsThreads) {
  const Plan plan = this->plan(R"(
  numbers: {source: range, to: 1}
  sum: {from: numbers, function: total}
  block: {from: numbers, function: lookup}
  wait: {from: numbers, function: sleep, for: 1s}
  many: {from: numbers, function: sleep, for: 1s, limit: unlimited}
  end: {from: sum, sink: print}
)");
  EXPECT_EQ(node(plan, "sum").limit, 1);
  EXPECT_FALSE(node(plan, "sum").explicit_limit);
  EXPECT_EQ(node(plan, "block").limit, 64);
  EXPECT_EQ(node(plan, "wait").limit, std::nullopt);
  EXPECT_EQ(node(plan, "many").limit, std::nullopt);
}

TEST_F(Plans, RunASourceThatMayBlockOnAThreadOfItsOwn) {
  const Plan plan = this->plan(R"(
  typed: {source: lines, path: '-'}
  numbers: {source: range, to: 1}
  end: {from: [typed, numbers], sink: print}
)");
  EXPECT_EQ(node(plan, "typed").work, abi::Work::blocks);
  EXPECT_EQ(node(plan, "numbers").work, abi::Work::computes);
}

TEST_F(Plans, FuseRowsOfBoundedLength) {
  std::string nodes = "  n0: {source: range, to: 1}\n";
  for (int i = 1; i <= 40; ++i) {
    nodes += "  n" + std::to_string(i) + ": {from: n" + std::to_string(i - 1) +
             ", function: format, text: x}\n";
  }
  const Plan plan = this->plan(nodes + "  end: {from: n40, sink: discard}\n");
  std::size_t row = 0;
  for (const PlannedNode& node : plan.nodes) {
    row = node.entry == Entry::fused ? row + 1 : 0;
    EXPECT_LT(row, 16U) << node.name;
  }
}

}  // namespace
}  // namespace weir::compile
