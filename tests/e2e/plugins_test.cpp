#include <algorithm>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Nodes of a plugin (tests/compile/probe.cpp) in a run.
class Plugins : public EndToEnd {};

TEST_F(Plugins, AreLoadedFromTheCommandLine) {
  const Ended ended = run(R"(
numbers: {source: range, to: 4}
total: {from: numbers, function: total}
shown: {from: total, sink: print})",
                          {.arguments = {"--plugin", WEIR_PROBE}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n3\n6\n10\n");
}

TEST_F(Plugins, AreLoadedFromTheFolderOfTheFile) {
  std::filesystem::create_directory(folder.file("far"));
  std::filesystem::create_symlink(WEIR_PROBE, folder.file("far/probe.so"));
  folder.write("far/away.yaml", R"(weir: 1
plugins: [./probe.so]
nodes:
  numbers: {source: list, items: [5, 500, 50]}
  routed: {from: numbers, function: route}
  small: {from: routed.small, sink: lines, path: small.txt}
  large: {from: routed.large, sink: print}
)");
  const Ended ended = weir({.arguments = {"run", "far/away.yaml"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "500\n");
  EXPECT_EQ(folder.read("small.txt"), "5\n50\n");
}

TEST_F(Plugins, MayHaveItemTypesOfTheirOwn) {
  const Ended ended = run(R"(
images: {source: images}
small: {from: images, function: shrink}
done: {from: small, sink: count})",
                          {.arguments = {"--plugin", WEIR_PROBE}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n");
}

TEST_F(Plugins, MayBlockOnThreadsOfTheirOwn) {
  const Ended ended =
      run(R"(
numbers: {source: range, to: 100}
looked_up: {from: numbers, function: lookup, limit: 5}
done: {from: looked_up, sink: count})",
          {.arguments = {"--plugin", WEIR_PROBE, "--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "100\n");
  EXPECT_LE(summary().at("nodes").at("looked_up").at("peak_running"), 5);
}

TEST_F(Plugins, GiveOutWhileTheyWait) {
  const Ended ended = run(R"(
numbers: {source: range, to: 3}
asked: {from: numbers, function: ask, limit: 1}
agreed: {from: asked.yes, sink: print}
refused: {from: asked.no, sink: discard})",
                          {.arguments = {"--plugin", WEIR_PROBE}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n2\n3\n");
}

TEST_F(Plugins, MayMakeItemsThatCanOnlyBeMovedAndWaitBehindAGate) {
  const Ended ended =
      run(R"(
numbers: {source: range, to: 100}
wrapped: {from: numbers, function: wrap}
held: {from: wrapped, queue: fifo}
carried: {from: held, function: carry, limit: 3}
again: {from: carried, queue: fifo}
unwrapped: {from: again, function: unwrap, limit: 2}
shown: {from: unwrapped, sink: print}
why: {from: carried.failed, sink: jsonl, path: failed.jsonl})",
          {.arguments = {"--plugin", WEIR_PROBE, "--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1) << ended.err;
  std::vector<int> numbers;
  for (const std::string& line : lines_of(ended.out)) numbers.push_back(std::stoi(line));
  std::sort(numbers.begin(), numbers.end());
  std::vector<int> expected;
  for (int i = 1; i <= 100; ++i) {
    if (i != 13) expected.push_back(i);
  }
  EXPECT_EQ(numbers, expected);
  EXPECT_EQ(summary().at("nodes").at("carried").at("peak_running"), 3);
  // The handle has been moved from, and has no text: its type stands for it.
  EXPECT_EQ(Json::parse(folder.read("failed.jsonl")).at("item"), "<handle>");
}

TEST_F(Plugins, MayHavePortsOfATypeOfTheirOwnThatAreReadTogether) {
  const Ended ended = run(R"(
numbers: {source: range, to: 50}
dealt: {from: numbers, function: deal}
again: {from: [dealt.even, dealt.odd], function: shrink}
held: {from: [again, dealt.odd], queue: fifo}
titles: {from: held, function: title}
shown: {from: titles, sink: print})",
                          {.arguments = {"--plugin", WEIR_PROBE}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  Strings expected;
  for (int i = 1; i <= 50; ++i) {
    expected.push_back(std::to_string(i));
    if (i % 2 == 1) expected.push_back(std::to_string(i));
  }
  std::sort(expected.begin(), expected.end());
  Strings titles = lines_of(ended.out);
  std::sort(titles.begin(), titles.end());
  EXPECT_EQ(titles, expected);
}

TEST_F(Plugins, MayMixTypesOfTheirOwnOnlyWhereNothingGoesOn) {
  const std::string nodes = R"(
numbers: {source: range, to: 10}
dealt: {from: numbers, function: deal}
wrapped: {from: numbers, function: wrap}
rest: {from: dealt.odd, sink: discard}
)";
  const Start start{.arguments = {"--plugin", WEIR_PROBE}};
  const Ended counted = run(nodes + "all: {from: [dealt.even, wrapped], sink: count}", start);
  EXPECT_EQ(counted.status, 0) << counted.err;
  EXPECT_EQ(counted.out, "15\n");
  const Ended held = run(nodes +
                             "all: {from: [dealt.even, wrapped], queue: fifo}\n"
                             "end: {from: all, sink: discard}",
                         start);
  EXPECT_EQ(held.status, 2);
  EXPECT_NE(held.err.find("what 'all' reads is of different types, one of them 'handle'"),
            std::string::npos)
      << held.err;
}

TEST_F(Plugins, MayPollWhatHasNothingToGiveMostOfTheTime) {
  const Ended ended = run(R"(
polled: {source: polls}
shown: {from: polled, sink: print})",
                          {.arguments = {"--plugin", WEIR_PROBE}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1\n2\n3\n");
}

TEST_F(Plugins, ShowTheirNodes) {
  const Ended all = weir({.arguments = {"nodes", "--plugin", WEIR_PROBE}});
  EXPECT_EQ(all.status, 0);
  EXPECT_NE(all.out.find("  route "), std::string::npos);
  EXPECT_NE(all.out.find("small: int, large: int"), std::string::npos) << all.out;
  const std::string one = weir({.arguments = {"nodes", "settings", "--plugin", WEIR_PROBE}}).out;
  for (const char* part :
       {"function settings (", "int, 1..10, default 5", "red | green",
        "duration, >= 1ms, default 250ms", "size, default 1KiB", "rate, default 10/s",
        "list of int, default []", "map of text, default {}", "default none", "Above 0."}) {
    EXPECT_NE(one.find(part), std::string::npos) << part << " not in\n" << one;
  }
}

TEST_F(Plugins, ThatAreNoneAreStatus2AndStartNothing) {
  for (const char* plugin : {"./nowhere.so", "probe.so", "./test.yaml"}) {
    const Ended ended = run("a: {source: range, to: 1}\nb: {from: a, run: [touch, started]}",
                            {.arguments = {"--plugin", plugin}});
    EXPECT_EQ(ended.status, 2);
    EXPECT_NE(ended.err.find("plugin '"), std::string::npos) << ended.err;
  }
  EXPECT_FALSE(folder.has("started"));
}

}  // namespace
}  // namespace weir::e2e
