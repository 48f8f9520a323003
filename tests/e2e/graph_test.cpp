#include "support.hpp"

namespace weir::e2e {
namespace {

/// `weir graph`; the texts are those of tests/compile/plan_test.cpp.
class Graph : public EndToEnd {
 protected:
  const std::filesystem::path golden = WEIR_ROOT "/tests/golden/plan";

  Ended graph(Strings arguments) {
    arguments.insert(arguments.begin(), {"graph", "--plugin", WEIR_PROBE});
    return weir({.arguments = arguments, .folder = golden});
  }
};

TEST_F(Graph, ShowsWhatThePipelineIsForPeopleAndOnOneTbb) {
  for (const std::string name : {"pool", "every_entry"}) {
    const Ended people = graph({name + ".yaml"});
    const Ended tbb = graph({name + ".yaml", "--tbb"});
    EXPECT_EQ(people.status, 0);
    EXPECT_EQ(tbb.status, 0);
    EXPECT_EQ(people.out + "\n" + tbb.out, read_file(golden / (name + ".txt")));
  }
}

TEST_F(Graph, ShowsTheGatedReaderOfThePool) {
  const Ended ended = weir(
      {.arguments = {"graph", "--tbb", WEIR_ROOT "/pipelines/pool.yaml", "--set", "readers=7"}});
  EXPECT_NE(ended.out.find("queue_node (of 'written') -> limiter_node(7) -> "
                           "async_node(unlimited) -> decrementer"),
            std::string::npos)
      << ended.out;
}

TEST_F(Graph, OfAWrongFileIsItsErrors) {
  folder.write("bad.yaml", "weir: 1\nnodes: {a: {source: rnage}}\n");
  const Ended ended = weir({.arguments = {"graph", "bad.yaml"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("did you mean 'range'?"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
