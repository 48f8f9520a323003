#include <gtest/gtest.h>

#include <weir/node.hpp>
#include <weir/pipeline.hpp>

namespace weir {
namespace {

std::int64_t summed = 0;

struct Sum {
  static void describe(Describe<Sum>& d) { d.node("sum_up", "Adds up numbers for the test."); }
  void operator()(std::int64_t x) { summed += x; }
};

WEIR_NODES(sum_nodes, "test", Sum)

constexpr const char* kPipeline =
    "weir: 1\n"
    "params: {to: 10}\n"
    "nodes:\n"
    "  n: {source: range, to: \"${to}\"}\n"
    "  s: {from: n, sink: sum_up}\n";

PipelineOptions with_sum() {
  PipelineOptions options;
  options.nodes.push_back(sum_nodes());
  return options;
}

TEST(Pipeline, RunsNodesOfTheProgramItself) {
  summed = 0;
  const Pipeline pipeline = Pipeline::parse(kPipeline, "sum.yaml", with_sum());
  const RunSummary summary = pipeline.run();
  EXPECT_EQ(summed, 55);
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(summary.outcome, RunOutcome::done);
  ASSERT_EQ(summary.nodes.size(), 2U);
  EXPECT_EQ(summary.nodes[1].counts.done, 10);
}

TEST(Pipeline, RunsAgainWithNewNodes) {
  summed = 0;
  const Pipeline pipeline = Pipeline::parse(kPipeline, "sum.yaml", with_sum());
  pipeline.run();
  pipeline.run();
  EXPECT_EQ(summed, 110);
}

TEST(Pipeline, TakesSettings) {
  summed = 0;
  PipelineOptions options = with_sum();
  options.settings.emplace_back("to", "4");
  Pipeline::parse(kPipeline, "sum.yaml", std::move(options)).run();
  EXPECT_EQ(summed, 10);
}

TEST(Pipeline, SaysAllThatIsWrongWithPlaces) {
  try {
    Pipeline::parse("weir: 1\nnodes:\n  n: {source: rang, to: 3}\n", "bad.yaml");
    FAIL();
  } catch (const PipelineError& error) {
    EXPECT_EQ(std::string(error.what()),
              "bad.yaml:3:15: error: unknown source type 'rang'; did you mean 'range'?\n"
              "  3 |   n: {source: rang, to: 3}\n"
              "    |               ^~~~\n");
  }
}

TEST(Pipeline, ShowsNoSecrets) {
  ASSERT_EQ(setenv("WEIR_TEST_SECRET", "hunter2secret", 1), 0);
  const std::string head = "weir: 1\nsecrets: [WEIR_TEST_SECRET]\nnodes:\n";
  try {
    Pipeline::parse(head + "  n: {source: range, to: '${env.WEIR_TEST_SECRET}'}\n", "bad.yaml");
    FAIL();
  } catch (const PipelineError& error) {
    const std::string said = error.what();
    EXPECT_NE(said.find("got a text '***'"), std::string::npos) << said;
    EXPECT_EQ(said.find("hunter2secret"), std::string::npos) << said;
  }
  const auto run = [&head](const std::string& node) {
    return Pipeline::parse(head + "  n: {source: range, to: 1}\n" + node, "secret.yaml").run();
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(run("  m: {from: n, run: ['false', '${env.WEIR_TEST_SECRET}']}\n").exit_code, 1);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("`false ***` exited"), std::string::npos) << said;
  EXPECT_EQ(said.find("hunter2secret"), std::string::npos) << said;
  const RunSummary summary =
      run("  o: {from: n, sink: lines, path: '/no/${env.WEIR_TEST_SECRET}/x'}\n");
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_NE(summary.errors[0].find("can't create '/no/***/x"), std::string::npos)
      << summary.errors[0];
}

TEST(Pipeline, SaysWhyAFileCannotBeRead) {
  EXPECT_THROW(Pipeline::load("no/such/file.yaml"), PipelineError);
}

TEST(Pipeline, KeepsWarnings) {
  const Pipeline pipeline = Pipeline::parse("weir: 1\nnodes:\n  n: {source: range, to: 3}\n", "w");
  EXPECT_NE(pipeline.warnings().find("nobody reads 'n'"), std::string::npos);
}

}  // namespace
}  // namespace weir
