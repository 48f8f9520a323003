// What is shown of what commands write, and events for programs.

#include <map>

#include "support.hpp"

namespace weir::e2e {
namespace {

class Output : public EndToEnd {
 protected:
  /// Two items that write in turn, each when the other has.
  Ended interleaving(const std::string& mode) {
    Signpost first(folder, "first");
    Signpost second(folder, "second");
    return run(R"(
a: {source: range, to: 2}
b:
  from: a
  shell: |
    if [ $N = 1 ]; then
      echo one; echo >first; read LINE <second; echo uno >&2; echo >first
    else
      read LINE <first; echo two; echo >second; read LINE <first; echo due >&2
    fi
  env: {N: "${{ item }}"})",
               {.arguments = {"--output", mode}});
  }

  static std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
      ++found;
    }
    return found;
  }
};

TEST_F(Output, OfAGroupIsWholeBelowItsItem) {
  const Ended ended = interleaving("group");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("[b 1]\none\nuno\n"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("[b 2]\ntwo\ndue\n"), std::string::npos) << ended.err;
}

TEST_F(Output, ByLineComesAsItIsWritten) {
  const Ended ended = interleaving("line");
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Strings lines = lines_of(ended.err);
  Strings shown;
  for (const std::string& line : lines) {
    if (line.starts_with("[b 1] ") || line.starts_with("[b 2] ")) shown.push_back(line);
  }
  EXPECT_EQ(shown, (Strings{"[b 1] one", "[b 2] two", "[b 1] uno", "[b 2] due"})) << ended.err;
}

TEST_F(Output, HasItsColoursWhereTheyAreForced) {
  const std::string nodes =
      "a: {source: range, to: 1}\nb: {from: a, shell: 'printf \"\\033[31mred\"'}";
  EXPECT_NE(run(nodes).err.find("\nred\n"), std::string::npos);
  const Ended forced = run(nodes, {.environment = {{"CLICOLOR_FORCE", "1"}}});
  EXPECT_NE(forced.err.find("\n\x1b[31mred\x1b[0m\n"), std::string::npos) << forced.err;
  const Ended neither = run(nodes, {.environment = {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}});
  EXPECT_EQ(neither.err.find('\x1b'), std::string::npos) << neither.err;
}

TEST_F(Output, OfAFailureHasItsColoursToo) {
  const std::string nodes =
      "a: {source: range, to: 1}\nb: {from: a, shell: 'printf \"\\033[31mred\" >&2; exit 3'}";
  EXPECT_NE(run(nodes, {.arguments = {"-q"}}).err.find("\n    | red\n"), std::string::npos);
  const Ended forced = run(nodes, {.arguments = {"-q"}, .environment = {{"CLICOLOR_FORCE", "1"}}});
  EXPECT_NE(forced.err.find("\n    | \x1b[31mred\x1b[0m\n"), std::string::npos) << forced.err;
}

TEST_F(Output, IsNotShownIfNotWanted) {
  for (const Strings& arguments :
       {Strings{"--output", "none"}, Strings{"--quiet"}, Strings{"--progress", "none"}}) {
    const Ended ended = run("a: {source: range, to: 2}\nb: {from: a, shell: 'echo shown'}",
                            {.arguments = arguments});
    EXPECT_EQ(ended.err.find("shown"), std::string::npos) << ended.err;
  }
}

TEST_F(Output, ThatSomebodyReadsIsData) {
  const Ended ended =
      run("a: {source: range, to: 1}\n"
          "b: {from: a, shell: 'echo data; echo noise >&2', emit: stdout}\n"
          "c: {from: b, sink: print}");
  EXPECT_EQ(ended.out, "data\n");
  EXPECT_EQ(ended.err.find("data"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("[b 1]\nnoise\n"), std::string::npos) << ended.err;
}

TEST_F(Output, OfAFailureIsShownOnce) {
  const std::string nodes =
      "a: {source: range, to: 1}\nb: {from: a, shell: 'echo why >&2; exit 3'}";
  EXPECT_EQ(count(run(nodes).err, "why\n"), 1U);
  const Ended none = run(nodes, {.arguments = {"--output", "none"}});
  EXPECT_NE(none.err.find("    | why\n"), std::string::npos) << none.err;
  // What is data is shown with the failure only.
  const Ended data =
      run("a: {source: range, to: 1}\nb: {from: a, shell: 'echo data; exit 3', emit: stdout}\n"
          "c: {from: b, sink: print}");
  EXPECT_NE(data.err.find("    | data\n"), std::string::npos) << data.err;
}

TEST_F(Output, CannotUpsetATerminal) {
  const Ended ended = run(R"(
a: {source: range, to: 1}
b: {from: a, shell: 'printf "\033[2J\033[31mred\033[0m\007\n10%%\r20%%\r\n"'})");
  EXPECT_NE(ended.err.find("[b 1]\n\\x1b[2Jred\\x07\n20%\n"), std::string::npos) << ended.err;
  EXPECT_EQ(ended.err.find('\x1b'), std::string::npos);
}

TEST_F(Output, HidesSecretsWhereverTheyAreCut) {
  folder.write("secret.yaml",
               "weir: 1\nsecrets: [TOKEN]\nnodes:\n"
               "  a: {source: range, to: 1}\n"
               "  b: {from: a, shell: 'printf sesa; printf me-1234; echo'}\n");
  const Ended ended =
      weir({.arguments = {"run", "secret.yaml"}, .environment = {{"TOKEN", "same-1234"}}});
  EXPECT_NE(ended.err.find("[b 1]\nse***\n"), std::string::npos) << ended.err;
}

TEST_F(Output, HidesSecretsThatItemsHold) {
  for (const Strings& arguments :
       {Strings{"run", "secret.yaml"}, Strings{"run", "secret.yaml", "--progress", "json"}}) {
    folder.write(
        "secret.yaml",
        "weir: 1\nsecrets: [TOKEN]\nnodes:\n"
        "  a: {source: list, items: ['https://u:${env.TOKEN}@h/a']}\n"
        "  b: {from: a, shell: 'echo said; exit 7', retry: {attempts: 2, backoff: 1ms}}\n");
    const Ended ended = weir({.arguments = arguments, .environment = {{"TOKEN", "same-1234"}}});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.err.find("same-1234"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("https://u:***@h/a"), std::string::npos) << ended.err;
  }
}

TEST_F(Output, OfAnyLengthIsShownWhole) {
  const Ended ended = run("a: {source: range, to: 1}\nb: {from: a, shell: 'seq 1 200000'}");
  EXPECT_EQ(ended.status, 0);
  EXPECT_NE(ended.err.find("\n99999\n100000\n100001\n"), std::string::npos);
  EXPECT_NE(ended.err.find("\n200000\n[b 1/"), std::string::npos);
}

TEST_F(Output, AsEventsParsesAndAddsUp) {
  const Ended ended =
      run("a: {source: range, to: 6}\n"
          "b: {from: a, shell: 'echo out $N; test $N != 3', env: {N: \"${{ item }}\"}}",
          {.arguments = {"--progress", "json"}});
  EXPECT_EQ(ended.status, 1);
  std::map<std::string, int> events;
  std::map<std::string, int> ends;
  Json last;
  for (const std::string& line : lines_of(ended.err)) {
    last = Json::parse(line);
    ASSERT_TRUE(last.at("time").get<std::string>().ends_with("Z")) << line;
    ++events[last.at("event")];
    if (last.at("event") != "item_ended") continue;
    ++ends[last.at("end")];
    if (last.contains("failure")) {
      EXPECT_EQ(last.at("failure").at("output"), "out 3") << line;
    }
  }
  EXPECT_EQ(events["run_started"], 1);
  EXPECT_EQ(events["item_ended"], 6);
  EXPECT_EQ(events["output"], 6);
  EXPECT_GE(events["progress"], 1);
  EXPECT_EQ(last.at("event"), "run_ended");
  const Json& node = last.at("summary").at("nodes").at("b");
  EXPECT_EQ(node.at("done"), ends["done"]);
  EXPECT_EQ(node.at("failed"), ends["failed"]);
}

TEST_F(Output, IsChosenByTheEnvironmentUnlessTheOptionSays) {
  const std::string nodes = "a: {source: range, to: 1}\nb: {from: a, run: ['true']}";
  const Start json = {.environment = {{"WEIR_PROGRESS", "json"}}};
  EXPECT_TRUE(run(nodes, json).err.starts_with("{\"event\":\"run_started\""));
  Start plain = json;
  plain.arguments = {"--progress", "plain"};
  EXPECT_TRUE(run(nodes, plain).err.starts_with("[b 1/1] done"));
  const Ended none = run(nodes, {.arguments = {"--progress", "none"}});
  EXPECT_TRUE(none.err.starts_with("node")) << none.err;
  const Ended wrong = run(nodes, {.environment = {{"WEIR_PROGRESS", "loud"}}});
  EXPECT_EQ(wrong.status, 2) << wrong.err;
}

}  // namespace
}  // namespace weir::e2e
