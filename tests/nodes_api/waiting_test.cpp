/// Work that waits, in virtual time.

#include <gtest/gtest.h>

#include <weir/testing.hpp>

namespace weir::test {
namespace {

using namespace std::chrono_literals;
using testing::NodeUnderTest;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

struct Later {
  static void describe(Describe<Later>& d) { d.node("later", "Gives x after x seconds."); }
  Task<std::int64_t> operator()(std::int64_t x, Host& host) const {
    co_await host.sleep(std::chrono::seconds(x));
    if (x == 4) throw std::runtime_error("four");
    co_return x;
  }
};

TEST(Waiting, AllItemsWaitTogether) {
  NodeUnderTest<Later> node;
  EXPECT_EQ(node.type().work, abi::Work::waits);
  auto given = node.give(3, 1, 4, 2);
  EXPECT_EQ(given.out(), (Ints{1, 2, 3}));
  EXPECT_EQ(node.host().now(), 4s);
  EXPECT_EQ(given.done(), 3u);
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].item, "4");
}

TEST(Waiting, NoTimeIsNoWait) {
  NodeUnderTest<Later> node;
  EXPECT_EQ(node.give(0).out(), Ints{0});
  EXPECT_EQ(node.host().now(), 0s);
}

TEST(Waiting, WhatWaitsWhenTheRunIsStoppedIsCancelled) {
  NodeUnderTest<Later> node;
  node.host().stop_at(2500ms);
  auto given = node.give(1, 2, 3, 9);
  EXPECT_EQ(given.out(), (Ints{1, 2}));
  EXPECT_EQ(given.cancelled(), 2u);
  EXPECT_EQ(given.failed(), 0u);
  EXPECT_EQ(given.done(), 2u);
  EXPECT_EQ(node.host().now(), 2500ms);
}

TEST(Waiting, NothingWaitsOnceTheRunIsBeingStopped) {
  NodeUnderTest<Later> node;
  node.host().stop();
  EXPECT_EQ(node.give(0, 5).cancelled(), 2u);
  EXPECT_EQ(node.host().now(), 0s);
}

struct Ask {
  static void describe(Describe<Ask>& d) { d.node("ask", "Runs a program twice."); }
  Task<std::optional<std::string>> operator()(std::string_view text, Host& host) const {
    const ProcessResult first = co_await host.run("look", text);
    if (!first.ok()) co_return std::nullopt;
    Command command;
    command.argv = {"read", std::string(text)};
    command.output_cap = 4;
    const ProcessResult second = co_await host.run(std::move(command));
    host.note(std::to_string(second.out_dropped) + " bytes lost");
    co_return second.out;
  }
};

TEST(Waiting, ProgramsAreAnsweredByTheTest) {
  NodeUnderTest<Ask> node;
  node.host().answer([](const Command& command) {
    ProcessResult result;
    result.seconds = 1.5;
    if (command.argv == std::vector<std::string>{"look", "none"}) result.status = 1;
    if (command.argv[1] == "gone") throw ProcessError("no such program");
    result.out = command.argv[0] + " " + command.argv[1];
    return result;
  });
  auto given = node.give("a", "none", "gone");
  EXPECT_EQ(given.out(), Texts{"read"});
  EXPECT_EQ(given.done(), 2u);
  ASSERT_EQ(given.failed(), 1u);
  EXPECT_EQ(given.failures()[0].item, "gone");
  EXPECT_EQ(given.failures()[0].failure.error, "no such program");
  EXPECT_EQ(node.host().now(), 3s);
  EXPECT_EQ(node.host().commands().size(), 4u);
  EXPECT_EQ(node.host().notes(), Texts{"2 bytes lost"});
}

TEST(Waiting, AProgramThatTheTestDoesNotKnowFailsTheItem) {
  NodeUnderTest<Ask> node;
  EXPECT_EQ(node.give("a b").failures().at(0).failure.error,
            "the test does not say what `look 'a b'` does: call TestHost::answer");
}

TEST(Waiting, AProgramThatRunsWhenTheRunIsStoppedIsCancelled) {
  NodeUnderTest<Ask> node;
  node.host().answer([](const Command&) {
    ProcessResult result;
    result.seconds = 10;
    return result;
  });
  node.host().stop_at(15s);
  EXPECT_EQ(node.give("a").cancelled(), 1u);
  EXPECT_EQ(node.host().now(), 15s);
  EXPECT_EQ(node.give("b").cancelled(), 1u);
  EXPECT_EQ(node.host().commands().size(), 2u) << "nothing is started any more";
}

struct Log {
  static void describe(Describe<Log>& d) { d.node("log", "Gives nothing out."); }
  Task<> operator()(const std::string& text, Host& host) const {
    co_await host.sleep(1s);
    host.print(text + "\n");  // a reference to the item is good behind a wait
  }
};

TEST(Waiting, TaskOfVoidIsAFunctionWithoutOutput) {
  NodeUnderTest<Log> node;
  EXPECT_EQ(node.type().kind, abi::Kind::function);
  EXPECT_EQ(node.give("a", "b").done(), 2u);
  EXPECT_EQ(node.host().printed(), "a\nb\n");
}

struct Steps {
  static void describe(Describe<Steps>& d) { d.node("steps", "Gives one a second."); }
  Task<> operator()(std::int64_t x, Out<std::int64_t>& out, Host& host) const {
    for (std::int64_t i = 0; i < x; ++i) {
      co_await host.sleep(1s);
      out(i);
    }
  }
};

TEST(Waiting, AnOutGivesAtOnce) {
  NodeUnderTest<Steps> node;
  auto given = node.give(2, 3);
  EXPECT_EQ(given.out(), (Ints{0, 0, 1, 1, 2}));
  EXPECT_EQ(given.batches().size(), 5u);
}

struct WaitingSame {
  static void describe(Describe<WaitingSame>& d) { d.node("same", "Gives what came."); }
  Task<Item> operator()(Item item, Host& host) const {
    co_await host.sleep(1s);
    co_return item;
  }
};

TEST(Waiting, AnItemOfAnyTypeComesThroughAsItIs) {
  NodeUnderTest<WaitingSame> node;
  EXPECT_EQ(node.give("a", "b").out<std::string>(), (Texts{"a", "b"}));
  EXPECT_EQ(node.give(1).out<std::int64_t>(), Ints{1});
}

struct Prefix {
  static void describe(Describe<Prefix>& d) { d.node("prefix", "A view into the item."); }
  Task<std::string_view> operator()(std::string_view text, Host& host) const {
    co_await host.sleep(1s);
    co_return text.substr(0, 1);
  }
};

TEST(Waiting, AViewIntoTheItemIsNotCopied) {
  NodeUnderTest<Prefix> node;
  abi::BatchPtr batch = testing::make_batch<std::string_view>("abc");
  const char* const bytes = batch->column<std::string_view>()->data();
  auto given = node.give_batch(std::move(batch));
  EXPECT_EQ(given.batches()[0]->column<std::string_view>()->data(), bytes);
  EXPECT_EQ(given.out(), Texts{"a"});
}

struct Swallow {
  static void describe(Describe<Swallow>& d) { d.node("swallow", "Catches exceptions."); }
  Task<std::int64_t> operator()(std::uint8_t x, Host& host) const {
    try {
      co_await host.sleep(1s);
    } catch (const std::exception&) {
      co_return -1;
    }
    co_return x;
  }
};

TEST(Waiting, CancelledIsNotCaughtAsAnException) {
  NodeUnderTest<Swallow> node;
  node.host().stop();
  EXPECT_EQ(node.give(1).cancelled(), 1u);
}

TEST(Waiting, AnIntOutOfRangeFailsBeforeTheCoroutineBegins) {
  NodeUnderTest<Swallow> node;
  EXPECT_EQ(node.give(256).failures().at(0).failure.error, "256 is outside of the range 0..255");
}

struct Nested {
  static void describe(Describe<Nested>& d) { d.node("nested", "Awaits a task of its own."); }
  static Task<std::int64_t> slowly(std::int64_t x, Host& host) {
    co_await host.sleep(1s);
    if (x < 0) throw std::runtime_error("negative");
    co_return 2 * x;
  }
  Task<std::int64_t> operator()(std::int64_t x, Host& host) const {
    co_return co_await slowly(x, host) + co_await slowly(x, host);
  }
};

TEST(Waiting, ATaskMayAwaitTasks) {
  NodeUnderTest<Nested> node;
  auto given = node.give(1, -1);
  EXPECT_EQ(given.out(), Ints{4});
  EXPECT_EQ(given.failures().at(0).failure.error, "negative");
  EXPECT_EQ(node.host().now(), 2s);
}

}  // namespace
}  // namespace weir::test
