/// What is thrown, as the failure of an item.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

#include "types.hpp"

namespace weir::test {
namespace {

using testing::NodeUnderTest;

struct Thrower {
  static void describe(Describe<Thrower>& d) { d.node("thrower", "Throws."); }
  std::int64_t operator()(std::int64_t what) const {
    switch (what) {
      case 0:
        throw std::runtime_error("an exception");
      case 1:
        throw std::string("a string");
      case 2:
        throw "a literal";
      case 3:
        throw 42;
      case 4:
        throw std::runtime_error("");
      case 5:
        throw Cancelled{};
      default:
        return what;
    }
  }
};

TEST(Failure, IsWhatWasThrownInWords) {
  NodeUnderTest<Thrower> node;
  auto given = node.give(0, 1, 2, 3, 4, 5, 6);
  EXPECT_EQ(given.out(), std::vector<std::int64_t>{6});
  std::vector<std::string> errors;
  for (const testing::FailedItem& failed : given.failures()) errors.push_back(failed.failure.error);
  EXPECT_EQ(errors, (std::vector<std::string>{"an exception", "a string", "a literal",
                                              "an exception that is not a std::exception",
                                              "an error without a text",
                                              "an exception that is not a std::exception"}));
}

TEST(Failure, EveryItemMayFail) {
  NodeUnderTest<Thrower> node;
  const auto given = node.give(0, 0, 0);
  EXPECT_EQ(given.failed(), 3u);
  EXPECT_TRUE(given.batches().empty());
}

struct Fails {
  static void describe(Describe<Fails>& d) { d.node("fails", "Fails a command."); }
  void operator()(const std::string& text) const {
    ProcessResult result;
    result.status = 3;
    result.out = "not this";
    result.err = "one\ntwo\n";
    throw CommandFailed("make " + text, result);
  }
};

TEST(Failure, OfACommandHasItsStatusAndItsLastLines) {
  NodeUnderTest<Fails> node;
  const Failure failure = node.give("x").failures().at(0).failure;
  EXPECT_EQ(failure.error, "`make x` exited with status 3");
  EXPECT_EQ(failure.command, "make x");
  EXPECT_EQ(failure.status, 3);
  EXPECT_EQ(failure.output, "one\ntwo");
}

struct Hides {
  static void describe(Describe<Hides>& d) { d.node("hides", "Throws."); }
  void operator()(const Unspeakable&) const { throw std::runtime_error("no"); }
};

TEST(Failure, OfAnItemWhoseTextThrowsIsAFailureLikeAnyOther) {
  NodeUnderTest<Hides> node;
  const auto given = node.give(Unspeakable{}, Unspeakable{});
  ASSERT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[1].item, "<?>");
  EXPECT_EQ(given.failures()[1].failure.error, "no");
}

struct Refuses {
  static void describe(Describe<Refuses>& d) { d.node("refuses", "Refuses its parameters."); }
  void validate() const { throw std::runtime_error(""); }
  void operator()(std::int64_t) const {}
};

TEST(Failure, OfValidateIsNeverWithoutWords) {
  try {
    NodeUnderTest<Refuses> node;
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("an error without a text"), std::string::npos)
        << error.what();
  }
}

struct Flushes {
  bool broken = false;
  static void describe(Describe<Flushes>& d) { d.node("flushes", "Writes behind a batch."); }
  void operator()(std::int64_t) { ++items_; }
  void after_batch(Host& host) {
    if (broken) throw std::runtime_error("no space left");
    host.print(std::to_string(std::exchange(items_, 0)) + "\n");
  }

 private:
  int items_ = 0;
};

TEST(Failure, AfterBatchComesOnceABatch) {
  NodeUnderTest<Flushes> node;
  node.give(1, 2, 3);
  node.give(4);
  EXPECT_EQ(node.host().printed(), "3\n1\n");
}

TEST(Failure, AfterBatchFailsAllItemsOfTheBatch) {
  NodeUnderTest<Flushes> node;
  node.node().broken = true;
  const auto given = node.give(1, 2);
  ASSERT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[1].item, "2");
  EXPECT_EQ(given.failures()[0].failure.error, "no space left");
}

struct Careful {
  bool start_fails = false;
  bool finish_fails = false;
  static void describe(Describe<Careful>& d) { d.node("careful", "Starts and finishes."); }
  void start() {
    if (start_fails) throw std::runtime_error("can't start");
    events += "start ";
  }
  void operator()(std::int64_t) { events += "item "; }
  void finish(Outcome outcome) {
    if (finish_fails) throw std::runtime_error("");
    events += outcome == Outcome::complete ? "complete" : "stopped";
  }
  std::string events;
};

TEST(Failure, StartAndFinishStandAroundTheItems) {
  NodeUnderTest<Careful> node;
  node.give(1, 2);
  node.give(3);
  node.finish(Outcome::stopped);
  EXPECT_EQ(node.node().events, "start item item item stopped");
}

TEST(Failure, OfStartAndFinishIsThrownAtTheTest) {
  NodeUnderTest<Careful> node;
  node.node().start_fails = true;
  EXPECT_THROW(
      try { node.give(1); } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "can't start");
        throw;
      },
      std::runtime_error);
  node.node().finish_fails = true;
  EXPECT_THROW(
      try { node.finish(); } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "an error without a text");
        throw;
      },
      std::runtime_error);
}

}  // namespace
}  // namespace weir::test
