/// What a plan says of limits and failures. What can be wrong with them is in the golden files.

#include "support.hpp"

namespace weir::compile {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class Limits : public testing::Test {
 protected:
  /// With a node `work`, a function of that type that reads texts.
  PlannedNode work(const std::string& keys) {
    plan_ = plan_of(
        "weir: 1\n"
        "limits:\n"
        "  slots: 4\n"
        "  rate: {rate: 8/s}\n"
        "  all: {slots: 2, rate: 30/m, memory: 1GiB, per: '<${{ item }}>'}\n"
        "nodes:\n"
        "  in: {source: list, items: [a]}\n"
        "  uses: {from: in, run: [ls], limit: [slots, rate, all], memory: 1MiB}\n"
        "  work: {from: in, " +
            keys + "}\n",
        registry_);
    for (const PlannedNode& node : plan_.nodes) {
      if (node.name == "work") return node;
    }
    throw std::out_of_range("work");
  }
  const PlannedLimit& limit(std::size_t index) const { return plan_.limits.at(index); }

 private:
  const Registry registry_ = full_registry();
  Plan plan_;
};

using Indices = std::vector<std::uint32_t>;

TEST_F(Limits, AreInTheOrderOfTheFile) {
  work("run: [ls]");
  EXPECT_EQ(limit(0).name, "slots");
  EXPECT_EQ(limit(0).slots, 4);
  EXPECT_FALSE(limit(0).interval || limit(0).per || limit(0).memory);
  EXPECT_EQ(limit(1).slots, std::nullopt);
  EXPECT_EQ(limit(1).interval, milliseconds(125));
  EXPECT_EQ(limit(2).interval, seconds(2));
  EXPECT_EQ(limit(2).memory, 1U << 30);
  EXPECT_EQ(limit(2).per->source(), "<${{ item }}>");
}

TEST_F(Limits, OfANodeAreIndicesInAscendingOrder) {
  const PlannedNode node = work("run: [ls], limit: [all, slots], memory: 1MiB");
  EXPECT_EQ(node.limits, (Indices{0, 2}));
  EXPECT_EQ(node.limit, std::nullopt);
  EXPECT_TRUE(node.explicit_limit);
  EXPECT_EQ(node.entry, Entry::gated);
  EXPECT_FALSE(node.weight.has_value());
}

TEST_F(Limits, StandBesideTheThreadsOfWhatBlocks) {
  const PlannedNode node = work("function: lookup, limit: rate");
  EXPECT_EQ(node.limits, Indices{1});
  EXPECT_EQ(node.limit, kBlockingThreads);
  EXPECT_EQ(node.entry, Entry::gated);
}

TEST_F(Limits, StandBesideTheOneItemOfWhatKeepsState) {
  const PlannedNode node = work("function: ledger, limit: rate");
  EXPECT_EQ(node.limits, Indices{1});
  EXPECT_EQ(node.limit, 1);
}

TEST_F(Limits, AreTakenByWeightAndMemory) {
  const PlannedNode constant = work("run: [ls], limit: all, weight: 2, memory: 512MiB");
  EXPECT_FALSE(constant.weight->has_holes());
  EXPECT_EQ(constant.weight->source(), "2");
  EXPECT_EQ(constant.memory->source(), "512MiB");
  const PlannedNode each =
      work("run: [ls], limit: all, weight: '${{ item }}', memory: '${{ item }}MiB'");
  EXPECT_TRUE(each.weight->has_holes());
  EXPECT_EQ(each.memory->source(), "${{ item }}MiB");
  EXPECT_EQ(each.parameters.size(), 1U);
}

TEST_F(Limits, LeaveMemoryToNodeTypesThatHaveAParameterOfThatName) {
  const PlannedNode node = work("function: sort, memory: 1MiB");
  EXPECT_FALSE(node.memory.has_value());
  ASSERT_EQ(node.parameters.size(), 1U);
  EXPECT_EQ(node.parameters[0].key, "memory");
}

TEST_F(Limits, DoNotTryAgainOrStopUnlessTheFileSaysSo) {
  const PlannedNode node = work("run: [ls]");
  EXPECT_EQ(node.entry, Entry::direct);
  EXPECT_EQ(node.retry.attempts, 1);
  EXPECT_FALSE(node.timeout || node.throttle || node.on_failure.items || node.on_failure.percent);
  EXPECT_TRUE(node.on_cancel.empty());
}

TEST_F(Limits, AreNotAllThatBoundsAttempts) {
  const PlannedNode node = work(
      "run: [ls], limit: 3, timeout: 30m, on_failure: stop after 5%, "
      "retry: {attempts: 5, backoff: 1s..2m, when: {status: [1, 75], match: busy}}, "
      "throttle: {match: '429', pause: 10s}, on_cancel: [rm, -f, '${{ item }}']");
  EXPECT_EQ(node.timeout, minutes(30));
  EXPECT_EQ(node.retry.attempts, 5);
  EXPECT_EQ(node.retry.first, seconds(1));
  EXPECT_EQ(node.retry.longest, minutes(2));
  EXPECT_EQ(node.retry.statuses, (std::vector<std::int64_t>{1, 75}));
  EXPECT_EQ(node.retry.match, "busy");
  EXPECT_EQ(node.throttle->match, "429");
  EXPECT_EQ(node.throttle->pause, seconds(10));
  EXPECT_EQ(node.on_failure.percent, 5);
  ASSERT_EQ(node.on_cancel.size(), 3U);
  EXPECT_EQ(node.on_cancel[2].source(), "${{ item }}");
}

TEST(Secrets, AreValuesWithTheLongestFirst) {
  const Registry registry = full_registry();
  spec::ReadOptions options;
  options.environment = {{"A", "abc"}, {"B", "abcdef"}, {"C", ""}, {"D", "abc"}};
  spec::Diagnostics diagnostics;
  const spec::Pipeline pipeline = spec::read_pipeline(
      {"test.yaml",
       "weir: 1\nsecrets: [A, B, C, D]\nnodes:\n  in: {source: range, to: 1}\n  out: {from: in, "
       "sink: print}\n"},
      options, diagnostics);
  const std::optional<Plan> plan = make_plan(pipeline, registry, diagnostics);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->secrets, (std::vector<std::string>{"abcdef", "abc"}));
}

}  // namespace
}  // namespace weir::compile
