#include "runtime/run.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "support.hpp"

namespace weir::test {
namespace {

class Run : public ::testing::Test {
 protected:
  void SetUp() override {
    Collection::current() = &collection_;
    Probe::current() = nullptr;
  }
  Collection collection_;
};

TEST_F(Run, HoldsNoWorkerWhileThousandItemsSleep) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 1000}\n"
      "  s: {from: n, function: sleep, for: 200ms}\n"
      "  all: {from: s, sink: collect}\n",
      1);
  EXPECT_EQ(counts_of(summary, "s").peak_running, 1000);
  EXPECT_EQ(collection_.sorted("all").size(), 1000U);
}

TEST_F(Run, GivesEveryReaderOfAPortEveryItem) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 5000}\n"
      "  a: {from: n, function: add, k: 1}\n"
      "  b: {from: n, function: add, k: 2}\n"
      "  ca: {from: a, sink: collect, to: a}\n"
      "  cb: {from: b, sink: collect, to: b}\n"
      "  cn: {from: n, sink: collect, to: n}\n");
  EXPECT_EQ(collection_.sorted("a").back(), 5001);
  EXPECT_EQ(collection_.sorted("b").back(), 5002);
  EXPECT_EQ(collection_.sorted("n").size(), 5000U);
}

TEST_F(Run, NeverHasMoreInFlightThanTheSourceMay) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 300000}\n"
      "  q: {from: n, queue: fifo}\n"
      "  s: {from: q, function: serial, limit: 1}\n"
      "  d: {from: s, sink: discard}\n");
  EXPECT_LE(counts_of(summary, "q").peak_waiting, 65536 + 4096);
  EXPECT_EQ(counts_of(summary, "d").done, 300000);
}

TEST_F(Run, FailedItemsGoToTheFailedPortAndNoFurther) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 9}\n"
      "  f: {from: n, function: fail_some, k: 3}\n"
      "  good: {from: f, sink: collect, to: good}\n"
      "  i: {from: f.failed, function: item_of}\n"
      "  bad: {from: i, sink: collect, to: bad}\n");
  EXPECT_EQ(collection_.sorted("good"), (std::vector<std::int64_t>{1, 2, 4, 5, 7, 8}));
  EXPECT_EQ(collection_.sorted("bad"), (std::vector<std::int64_t>{3, 6, 9}));
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
}

TEST_F(Run, StopsWhenASinkCannotDoItsWork) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: endless}\n"
      "  d: {from: n, sink: broken}\n");
  EXPECT_EQ(summary.exit_code, 3);
  EXPECT_EQ(summary.errors, std::vector<std::string>{"d: the disk is full"});
}

TEST_F(Run, StopsWhenASourceCannotDoItsWork) {
  const RunSummary summary = run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: broken}\n"
      "  d: {from: n, sink: discard}\n");
  EXPECT_EQ(summary.exit_code, 3);
  EXPECT_EQ(summary.errors, std::vector<std::string>{"n: the line is dead"});
}

TEST_F(Run, TellsOfEveryItemAtNodesThatWaitAndOfFailuresAlone) {
  RecordingObserver observer;
  run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: range, to: 3}\n"
      "  f: {from: n, function: fail_some, k: 3}\n"
      "  w: {from: f, function: wait, k: 2}\n"
      "  d: {from: w, sink: discard}\n",
      observer);
  EXPECT_EQ(observer.ended(), (std::vector<std::string>{"f failed 3", "w done 1", "w failed 2"}));
}

TEST_F(Run, TakesWhatASourceOnItsOwnThreadGives) {
  run_yaml(
      "weir: 1\nnodes:\n"
      "  n: {source: slow, to: 200000}\n"
      "  a: {from: n, function: add, k: 0}\n"
      "  all: {from: a, sink: collect}\n");
  std::vector<std::int64_t> all(200000);
  std::iota(all.begin(), all.end(), 1);
  EXPECT_EQ(collection_.sorted("all"), all);
}

TEST_F(Run, APipelineWithoutReadersEnds) {
  const RunSummary summary = run_yaml("weir: 1\nnodes:\n  n: {source: range, to: 100}\n");
  EXPECT_EQ(counts_of(summary, "n").done, 100);
  EXPECT_EQ(summary.exit_code, 0);
}

}  // namespace
}  // namespace weir::test
