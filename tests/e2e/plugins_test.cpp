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
