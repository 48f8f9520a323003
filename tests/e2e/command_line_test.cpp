#include "support.hpp"

namespace weir::e2e {
namespace {

class CommandLine : public EndToEnd {
 protected:
  void SetUp() override {
    folder.write("set.yaml", R"(weir: 1
params: {number: 3, text: a, fraction: 0.5, flag: false, names: [x, y]}
nodes:
  numbers: {source: range, to: "${number}"}
  texts: {source: list, items: ["${text}", "${fraction}", "${flag}"]}
  names: {source: list, items: "${names}"}
  all: {from: [numbers, texts, names], sink: count}
  shown: {from: texts, sink: print}
)");
    folder.write("touch.yaml", R"(weir: 1
nodes:
  one: {source: range, to: 1}
  touched: {from: one, run: [touch, started]}
)");
  }
  Ended set(const Strings& settings) {
    Start start{.arguments = {"run", "set.yaml", "-q"}};
    for (const std::string& setting : settings) {
      start.arguments.push_back("--set");
      start.arguments.push_back(setting);
    }
    return weir(start);
  }
  static void expect_in(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in\n" << text;
  }
};

TEST_F(CommandLine, HasHelpForEverything) {
  for (const Strings& arguments : {Strings{"--help"},
                                   {"-h"},
                                   {"--help-all"},
                                   {"run", "--help"},
                                   {"check", "--help"},
                                   {"graph", "--help"},
                                   {"nodes", "--help"},
                                   {"runs", "--help"},
                                   {"logs", "--help"},
                                   {"version", "--help"},
                                   {"run", "-h"}}) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 0) << arguments[0];
    EXPECT_EQ(ended.err, "") << arguments[0];
    expect_in(ended.out, "Usage: weir");
  }
}

TEST_F(CommandLine, HelpOfRunNamesItsOptions) {
  const Ended ended = weir({.arguments = {"run", "--help"}});
  for (const char* option :
       {"--set", "--plugin", "--threads", "--summary-file", "-n,--dry-run", "-q,--quiet"}) {
    expect_in(ended.out, option);
  }
}

TEST_F(CommandLine, ThatIsWrongIsStatus2AndOnStandardError) {
  for (const Strings& arguments : {Strings{},
                                   {"rnu"},
                                   {"run"},
                                   {"run", "--no-such-option", "touch.yaml"},
                                   {"run", "touch.yaml", "another.yaml"},
                                   {"run", "touch.yaml", "--threads", "0"},
                                   {"run", "touch.yaml", "--threads", "many"},
                                   {"run", "touch.yaml", "--summary-file"},
                                   {"check"},
                                   {"graph"},
                                   {"nodes", "a", "b"},
                                   {"runs", "a"},
                                   {"logs"},
                                   {"logs", "latest", "a", "b", "c"},
                                   {"version", "1"},
                                   {"--no-such-option"},
                                   {"run", "nowhere.yaml"},
                                   {"check", "nowhere.yaml"},
                                   {"graph", "nowhere.yaml"},
                                   {"run", "."}}) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 2) << (arguments.empty() ? "" : arguments.back());
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
  EXPECT_FALSE(folder.has("started"));
}

TEST_F(CommandLine, NamesWhatHasNoMeaningAlone) {
  const std::pair<Strings, std::string> lines[] = {
      {{"run", "--thread", "2", "set.yaml"},
       "there is no option '--thread'; did you mean '--threads'?"},
      {{"check", "--foo=3"}, "there is no option '--foo'"},
      {{"rnu", "set.yaml"}, "there is no command 'rnu'; did you mean 'run'?"},
      {{"graph", "set.yaml", "b"}, "there is one argument too many: 'b'"}};
  for (const auto& [arguments, message] : lines) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 2) << message;
    EXPECT_EQ(ended.err, message + "\nRun with --help for more information.\n");
  }
}

TEST_F(CommandLine, AloneListsItsCommands) {
  const Ended ended = weir({.arguments = {}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  for (const char* command : {"Usage: weir", "\n  run ", "\n  check ", "\n  report "}) {
    expect_in(ended.err, command);
  }
}

TEST_F(CommandLine, NamesAFileThatIsMissing) {
  expect_in(weir({.arguments = {"run", "nowhere.yaml"}}).err, "nowhere.yaml");
}

TEST_F(CommandLine, SetsParametersOfEveryType) {
  const Ended ended = set({"number=5", "text=b c", "fraction=2", "flag=true", "names=[z]"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  expect_in(ended.out, "b c\n2\ntrue\n");
  expect_in(ended.out, "9\n");
}
TEST_F(CommandLine, SetsATextToWhateverIsGiven) {
  expect_in(set({"text=007"}).out, "007\n");
  expect_in(set({"text=a=b"}).out, "a=b\n");
  expect_in(set({"text=${{ item }} ${number} $$"}).out, "${{ item }} ${number} $$\n");
  EXPECT_EQ(set({"text="}).status, 0);
}
TEST_F(CommandLine, TakesTheLastSettingOfAParameter) {
  expect_in(set({"text=first", "text=second"}).out, "second\n");
}
TEST_F(CommandLine, RefusesASettingOfAnotherType) {
  const Ended ended = set({"number=three", "flag=1"});
  EXPECT_EQ(ended.status, 2);
  expect_in(ended.err, "number");
  expect_in(ended.err, "number=three");
  expect_in(ended.err, "flag");
}
TEST_F(CommandLine, RefusesASettingThatTheFileDoesNotHave) {
  const Ended ended = set({"nubmer=4"});
  EXPECT_EQ(ended.status, 2);
  expect_in(ended.err, "did you mean 'number'?");
}
TEST_F(CommandLine, RefusesASettingWithoutAValue) {
  EXPECT_EQ(set({"number"}).status, 2);
  expect_in(set({"number"}).err, "NAME=VALUE");
  EXPECT_EQ(set({"=4"}).status, 2);
}
TEST_F(CommandLine, TakesTheFileBehindASetting) {
  EXPECT_EQ(weir({.arguments = {"run", "--set", "number=1", "set.yaml"}}).status, 0);
  EXPECT_EQ(weir({.arguments = {"run", "--set=number=1", "set.yaml"}}).status, 0);
}

TEST_F(CommandLine, DryRunShowsTheGraphAndStartsNothing) {
  const Ended dry = weir({.arguments = {"run", "touch.yaml", "--dry-run"}});
  EXPECT_EQ(dry.status, 0);
  EXPECT_EQ(dry.out, weir({.arguments = {"graph", "touch.yaml"}}).out);
  EXPECT_EQ(weir({.arguments = {"run", "-n", "touch.yaml"}}).out, dry.out);
  EXPECT_FALSE(folder.has("started"));
}
TEST_F(CommandLine, DryRunOfAWrongFileIsStatus2) {
  EXPECT_EQ(weir({.arguments = {"run", "-n", "nowhere.yaml"}}).status, 2);
}

TEST_F(CommandLine, QuietSaysNothingOfARunThatWentWell) {
  EXPECT_EQ(weir({.arguments = {"run", "touch.yaml", "-q"}}).err, "");
  EXPECT_TRUE(folder.has("started"));
}

TEST_F(CommandLine, RunsOnAsManyThreadsAsItIsTold) {
  for (const char* threads : {"1", "2", "16"}) {
    EXPECT_EQ(weir({.arguments = {"run", "set.yaml", "--threads", threads}}).status, 0) << threads;
  }
}

TEST_F(CommandLine, SaysALineForEachItemThatWaited) {
  const Ended ended = weir({.arguments = {"run", "touch.yaml"}});
  EXPECT_TRUE(ended.err.starts_with("[touched 1/1] done ")) << ended.err;
  EXPECT_TRUE(lines_of(ended.err)[0].ends_with(" 1")) << ended.err;
  EXPECT_EQ(ended.out, "");
}

TEST_F(CommandLine, ReadsAPipelineFromAnyFolder) {
  folder.write("far/away.yaml",
               "weir: 1\nnodes:\n  a: {source: lines, path: '${weir.dir}/in.txt'}\n"
               "  b: {from: a, sink: print}\n");
  folder.write("far/in.txt", "found\n");
  EXPECT_EQ(weir({.arguments = {"run", "far/away.yaml"}}).out, "found\n");
}

TEST_F(CommandLine, ChecksSeveralFilesAndGoesOnAfterABadOne) {
  folder.write("bad.yaml", "weir: 1\nnodes: {a: {source: rnage}}\n");
  const Ended ended = weir({.arguments = {"check", "set.yaml", "bad.yaml", "touch.yaml"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "set.yaml: ok, 5 nodes\ntouch.yaml: ok, 2 nodes\n");
  expect_in(ended.err, "bad.yaml:2:21: error: unknown source type 'rnage'; did you mean 'range'?");
}

TEST_F(CommandLine, ShowsItsVersionAndStamp) {
  const Ended ended = weir({.arguments = {"version"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_TRUE(ended.out.starts_with("weir ")) << ended.out;
  expect_in(ended.out, "\nweir-plugin abi=");
  EXPECT_EQ(weir({.arguments = {"--version"}}).status, 0);
}

TEST_F(CommandLine, ListsTheNodeTypes) {
  const Ended ended = weir({.arguments = {"nodes"}});
  EXPECT_EQ(ended.status, 0);
  for (const char* name : {"range", "list", "lines", "glob", "run", "shell", "sleep", "spin",
                           "format", "fifo", "print", "jsonl", "count", "discard"}) {
    expect_in(ended.out, "\n  " + std::string(name) + " ");
  }
}
TEST_F(CommandLine, ShowsOneNodeTypeWithPortsParametersAndDefaults) {
  const std::string shown = weir({.arguments = {"nodes", "run"}}).out;
  for (const char* part : {"function run (built in)", "takes   any", "out ", "failed ", "argv ",
                           "list of template, not empty, required", "stdin ", "none | item",
                           "default \"none\"", "output_cap", "size, default 1MiB", "waits"}) {
    expect_in(shown, part);
  }
}
TEST_F(CommandLine, ShowsRangesAndThreads) {
  const auto shown = [&](const std::string& name) {
    return weir({.arguments = {"nodes", name, "--plugin", WEIR_PROBE}}).out;
  };
  expect_in(shown("lookup"), "blocks, on threads of its own; 64 items at a time, or its limit\n");
  expect_in(shown("wanted"), "names        list of text, not empty, required\n");
  expect_in(shown("wanted"), "tries        int, 1..10, default 1\n");
  expect_in(shown("settings"), "byte         int, 0..255, default 0\n");
}

TEST_F(CommandLine, CountsOneNodeAsOne) {
  folder.write("one.yaml", "weir: 1\nnodes: {a: {source: range, to: 1}}\n");
  EXPECT_EQ(weir({.arguments = {"check", "one.yaml"}}).out, "one.yaml: ok, 1 node\n");
}

TEST_F(CommandLine, ShowsEveryTypeOfAName) {
  const std::string shown = weir({.arguments = {"nodes", "lines"}}).out;
  expect_in(shown, "source lines (built in)");
  expect_in(shown, "sink lines (built in)");
}
TEST_F(CommandLine, KnowsTheNearestNodeType) {
  const Ended ended = weir({.arguments = {"nodes", "rnage"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.err, "weir: error: there is no node type 'rnage'; did you mean 'range'?\n");
}

}  // namespace
}  // namespace weir::e2e
