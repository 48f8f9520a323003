#include "support.hpp"

namespace weir::e2e {
namespace {

/// What `run` and `shell` make of items.
class Commands : public EndToEnd {
 protected:
  /// What a command gives out for the items of a `list`.
  Json made(const Json& items, const std::string& command) {
    const Ended ended = run("given: {source: list, items: " + as_yaml(items) + "}\n" +
                            "made: {from: given, limit: 1, " + command + "}\n" +
                            "kept: {from: made, sink: jsonl, path: made.jsonl}\n");
    EXPECT_EQ(ended.status, 0) << ended.err;
    Json texts = Json::array();
    for (const std::string& line : lines_of(folder.read("made.jsonl"))) {
      texts.push_back(Json::parse(line));
    }
    return texts;
  }

 private:
  /// JSON is YAML, but for weir's dollars.
  static std::string as_yaml(const Json& value) {
    std::string text;
    for (const char c : value.dump()) text += c == '$' ? "$$" : std::string(1, c);
    return text;
  }
};

const Json& awkward_texts() {
  static const Json texts = {"two words",
                             " ",
                             "",
                             "it's",
                             "\"quoted\"",
                             "$(touch hacked)",
                             "`touch hacked`",
                             "${HOME}",
                             "; touch hacked",
                             "&& touch hacked",
                             "> hacked",
                             "*",
                             "?",
                             "~",
                             "-n",
                             "--help",
                             "--",
                             "\\",
                             "\\n",
                             "line\nline",
                             "\n",
                             "\t",
                             "ä€😀",
                             "%s",
                             "!",
                             "#",
                             "{a,b}",
                             "$$",
                             "[x]"};
  return texts;
}

using RunNode = Commands;

TEST_F(RunNode, KeepsEachArgumentInOnePieceWhateverTheItemHolds) {
  const Json given = awkward_texts();
  const Json made =
      this->made(given, "run: [printf, '<%s>', '${{ item }}', 'x${{ item }}'], emit: stdout");
  Json expected = Json::array();
  for (const std::string text : given) expected.push_back("<" + text + "><x" + text + ">");
  EXPECT_EQ(made, expected);
  EXPECT_FALSE(folder.has("hacked"));
}

TEST_F(RunNode, TakesTheProgramItselfFromTheItem) {
  EXPECT_EQ(made({"echo", "printf"}, "run: ['${{ item }}', hello], emit: stdout"),
            Json({"hello", "hello"}));
}

TEST_F(RunNode, PutsThePartsOfARecordIntoArguments) {
  const Json given = {{{"user", {{"name", "Ann"}}}, {"tags", {"x", "y"}}}};
  EXPECT_EQ(made(given,
                 "run: [printf, '%s/%s/%s', '${{ item.user.name }}', '${{item.tags.1}}', "
                 "'${{ item.user }}'], emit: stdout"),
            Json({"Ann/y/{\"name\":\"Ann\"}"}));
}

TEST_F(RunNode, GivesOutItsItemUnlessToldOtherwise) {
  EXPECT_EQ(made({1, 2}, "run: [echo, something else]"), Json({1, 2}));
}

TEST_F(RunNode, GivesOutWhatWasWrittenWithoutTheLastNewline) {
  EXPECT_EQ(made({"a\n", "b\n\n", "", "c"}, "run: [printf, '%s', '${{ item }}'], emit: stdout"),
            Json({"a", "b\n", "", "c"}));
}

TEST_F(RunNode, GivesOutARecordOfTheResult) {
  Json made = this->made({{{"id", 7}}}, "shell: 'echo out; echo err >&2', emit: result");
  ASSERT_EQ(made.size(), 1U);
  EXPECT_GE(made[0].at("seconds").get<double>(), 0);
  EXPECT_LT(made[0].at("seconds").get<double>(), 60);
  made[0].erase("seconds");
  EXPECT_EQ(nlohmann::json(made[0]),
            nlohmann::json::parse(
                R"({"item": {"id": 7}, "status": 0, "stdout": "out\n", "stderr": "err\n"})"));
}

TEST_F(RunNode, TakesAnItemOfNearlyTheLargestSizeOfAnArgument) {
  folder.write("long.txt", std::string(131'000, 'x'));
  const Ended ended = run(R"(
given: {source: lines, path: long.txt}
made: {from: given, run: [printf, '%s', '${{ item }}'], emit: stdout}
kept: {from: made, sink: lines, path: out.txt})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(folder.read("out.txt") == std::string(131'000, 'x') + "\n");
}

TEST_F(RunNode, SaysWhatToDoWithAnItemThatIsTooLongForAnArgument) {
  folder.write("long.txt", std::string(131'072, 'x'));
  const Ended ended = run(R"(
given: {source: lines, path: long.txt}
made: {from: given, run: ['true', '${{ item }}']})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("131072"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("standard input"), std::string::npos) << ended.err;
}

TEST_F(RunNode, FailsAnItemWithANulInAnArgument) {
  folder.write("nul.txt", std::string("a\0b\n", 4));
  const Ended ended = run(R"(
given: {source: lines, path: nul.txt}
made: {from: given, run: [echo, '${{ item }}']})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("NUL"), std::string::npos) << ended.err;
}

TEST_F(RunNode, ReadsNothingUnlessToldOtherwise) {
  EXPECT_EQ(made({"a"}, "run: [cat], emit: stdout"), Json({""}));
}

TEST_F(RunNode, ReadsItsItem) {
  const Json given = awkward_texts();
  // What `emit: stdout` takes away is one newline at the end.
  Json expected = Json::array();
  for (const std::string text : given)
    expected.push_back(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
  EXPECT_EQ(made(given, "run: [cat], stdin: item, emit: stdout"), expected);
}

TEST_F(RunNode, ReadsAnItemThatIsLargerThanAPipe) {
  const std::string text(900'000, 'x');
  folder.write("long.txt", text);
  const Ended ended = run(R"(
given: {source: lines, path: long.txt}
made: {from: given, run: [cat], stdin: item, emit: stdout}
kept: {from: made, sink: lines, path: out.txt})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(folder.read("out.txt") == text + "\n");
}

TEST_F(RunNode, NeedNotReadItsItem) {
  folder.write("long.txt", std::string(900'000, 'x'));
  const Ended ended = run(R"(
given: {source: lines, path: long.txt}
made: {from: given, run: ['true'], stdin: item})");
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(RunNode, KeepsAsMuchOutputAsItIsToldAndSaysWhatIsLost) {
  const Ended ended = run(R"(
given: {source: range, to: 1}
made: {from: given, shell: 'head -c 5000 /dev/zero | tr "\0" x', output_cap: 1kB, emit: stdout}
kept: {from: made, sink: lines, path: out.txt})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(folder.read("out.txt"), std::string(1000, 'x') + "\n");
  EXPECT_NE(
      ended.err.find("[made] 1: its standard output was longer than output_cap: 4000 bytes beyond "
                     "the first 1kB are lost"),
      std::string::npos)
      << ended.err;
}

TEST_F(RunNode, RunsInAFolder) {
  folder.write("there/file", "");
  folder.write("here/file", "");
  EXPECT_EQ(made({"there", "here"}, "run: [pwd], cwd: '${{ item }}', emit: stdout"),
            Json({folder.file("there"), folder.file("here")}));
}

TEST_F(RunNode, FailsItemsWhoseFolderIsMissing) {
  const Ended ended = run(R"(
given: {source: range, to: 1}
made: {from: given, run: ['true'], cwd: nowhere})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("'nowhere'"), std::string::npos) << ended.err;
}

using ShellNode = Commands;

TEST_F(ShellNode, GetsItsItemByTheEnvironment) {
  Json given = awkward_texts();
  Json expected = Json::array();
  for (const std::string text : given) expected.push_back("<" + text + ">");
  EXPECT_EQ(made(given, R"(shell: 'printf "<%s>" "$IT"', env: {IT: '${{ item }}'}, emit: stdout)"),
            expected);
  EXPECT_FALSE(folder.has("hacked"));
}

TEST_F(ShellNode, SeesTheEnvironmentOfWeirAndItsOwnOnTop) {
  const Ended ended = run(R"(
given: {source: range, to: 1}
made: {from: given, shell: 'echo "$A $B $C"', env: {B: own, C: own}, emit: stdout}
shown: {from: made, sink: print})",
                          {.environment = {{"A", "weir's"}, {"B", "weir's"}}});
  EXPECT_EQ(ended.out, "weir's own own\n");
}

TEST_F(ShellNode, MayHaveSeveralLines) {
  const Ended ended = run(R"(
given: {source: range, to: 2}
made:
  from: given
  limit: 1
  shell: |
    if [ "$N" = 1 ]; then
      echo one
    else
      echo another
    fi
  env: {N: '${{ item }}'}
  emit: stdout
shown: {from: made, sink: print})");
  EXPECT_EQ(ended.out, "one\nanother\n") << ended.err;
}

TEST_F(ShellNode, KeepsDollarsThatAreItsOwn) {
  EXPECT_EQ(made({"x"}, R"(shell: 'a=1; echo "$a $(echo 2) $$((1+2)) $${a}"', emit: stdout)"),
            Json({"1 2 3 1"}));
}

TEST_F(ShellNode, LeavesNothingBehindWhenItEnds) {
  const Mark mark;
  const Ended ended = run(R"(
given: {source: range, to: 3}
made: {from: given, shell: 'sleep 1000 & setsid sleep 1000 & echo started', emit: stdout}
shown: {from: made, sink: print})",
                          {.environment = {mark.entry()}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "started\nstarted\nstarted\n");
  EXPECT_EQ(mark.bearers(), Strings());
}

}  // namespace
}  // namespace weir::e2e
