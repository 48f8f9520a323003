#include "support.hpp"

namespace weir::io::test {
namespace {

/// What is said about a command that can't be started.
std::string refusal(Command command) {
  const ProcessOutcome outcome = run(std::move(command));
  EXPECT_EQ(outcome.end, ProcessEnd::not_started);
  return outcome.error;
}

Command in_path(std::string path, std::vector<std::string> argv) {
  Command result = command(std::move(argv));
  result.env = {{"PATH", std::move(path)}};
  return result;
}

TEST(Launch, RefusesAnEmptyArgv) {
  EXPECT_EQ(refusal(command({})),
            "cannot start a process: its argv is empty, so there is no program to run");
  EXPECT_EQ(refusal(command({""})), "cannot start '': the program's name is empty");
}

TEST(Launch, SaysThatAProgramIsNotInThePath) {
  EXPECT_EQ(refusal(in_path("/bin:/nowhere", {"frobnicate"})),
            "cannot start 'frobnicate': there is no such program in the PATH");
}

TEST(Launch, SaysThatAProgramGivenByItsPathIsMissing) {
  EXPECT_EQ(refusal(command({"/nowhere/tool"})),
            "cannot start '/nowhere/tool': there is no such file");
  const TemporaryFolder folder;
  Command relative = command({"./tool"});
  relative.cwd = folder.path();
  EXPECT_EQ(refusal(relative),
            "cannot start './tool': there is no such file in '" + folder.path() + "'");
}

TEST(Launch, SaysThatAFileIsNotExecutable) {
  const TemporaryFolder folder;
  const std::string path = folder.write("tool", "#!/bin/sh\n");
  EXPECT_EQ(refusal(command({path})), "cannot start '" + path + "': permission denied: '" + path +
                                          "' is not executable for us");
  EXPECT_EQ(refusal(in_path("/bin:" + folder.path(), {"tool"})),
            "cannot start 'tool': permission denied: '" + path + "' is not executable for us");
}

TEST(Launch, SaysThatAProgramIsADirectory) {
  EXPECT_EQ(refusal(command({"/tmp"})), "cannot start '/tmp': '/tmp' is a directory");
}

TEST(Launch, SaysWhatIsWrongWithTheWorkingDirectory) {
  Command somewhere = command({"true"});
  somewhere.cwd = "/no/such";
  EXPECT_EQ(refusal(somewhere),
            "cannot start 'true': there is no such directory to run it in: '/no/such'");
  somewhere.cwd = "/dev/null";
  EXPECT_EQ(refusal(somewhere),
            "cannot start 'true': the working directory '/dev/null' is not a directory");
}

TEST(Launch, SaysThatAnArgumentIsTooLong) {
  const std::string why =
      " bytes long; Linux takes at most 131071: pass it on standard input instead";
  EXPECT_EQ(refusal(command({"true", "a", "b", std::string(140'000, 'x')})),
            "cannot start 'true': argument 3 is 140000" + why);
  Command variable = command({"true"});
  variable.env = {{"BIG", std::string(131'072 - 4, 'x')}};
  EXPECT_EQ(refusal(variable),
            "cannot start 'true': environment variable 'BIG', with its name, is 131072" + why);
}

TEST(Launch, TakesTheLongestArgumentThatLinuxTakes) {
  EXPECT_TRUE(run(command({"true", std::string(131'071, 'x')})).result.ok());
  Command variable = command({"true"});
  variable.env = {{"BIG", std::string(131'071 - 4, 'x')}};
  EXPECT_TRUE(run(variable).result.ok());
}

TEST(Launch, SaysThatArgumentsAreTooLongTogether) {
  std::vector<std::string> argv(101, std::string(100'000, 'x'));
  argv[0] = "true";
  const std::string error = refusal(command(argv));
  EXPECT_TRUE(error.starts_with("cannot start 'true': its arguments and environment are 1000"))
      << error;
  EXPECT_TRUE(
      error.ends_with(" bytes together, more than this system takes: pass them on standard "
                      "input instead"))
      << error;
}

TEST(Launch, RefusesNulBytes) {
  using namespace std::string_literals;
  EXPECT_EQ(refusal(command({"true", "a\0b"s})),
            "cannot start 'true': argument 1 contains a NUL byte, which no argument can");
  EXPECT_EQ(refusal(command({"tr\0ue"s})),
            "cannot start 'tr\\x00ue': argument 0 contains a NUL byte, which no argument can");
  Command changed = command({"true"});
  changed.env = {{"NAME", "a\0b"s}};
  EXPECT_EQ(refusal(changed),
            "cannot start 'true': environment variable 'NAME' contains a NUL byte, which no "
            "variable can");
  changed.env = {};
  changed.cwd = "/tmp\0/x"s;
  EXPECT_EQ(
      refusal(changed),
      "cannot start 'true': the working directory '/tmp\\x00/x' contains a NUL byte, which no "
      "path can");
}

TEST(Launch, RefusesNamesThatNoVariableCanHave) {
  Command changed = command({"true"});
  changed.env = {{"A=B", "x"}};
  EXPECT_EQ(refusal(changed),
            "cannot start 'true': 'A=B' cannot be the name of an environment variable");
  changed.env = {{"", "x"}};
  EXPECT_EQ(refusal(changed),
            "cannot start 'true': '' cannot be the name of an environment variable");
}

TEST(Launch, SaysThatAScriptsInterpreterIsMissing) {
  const TemporaryFolder folder;
  const std::string path = folder.write("script", "#!/nowhere/sh\n", 0755);
  EXPECT_EQ(refusal(command({path})), "cannot start '" + path + "': the interpreter that '" + path +
                                          "' names in its first line does not exist");
}

TEST(Launch, SaysThatAFileIsNotAProgram) {
  const TemporaryFolder folder;
  const std::string path = folder.write("text", "just some text\n", 0755);
  EXPECT_EQ(refusal(command({path})),
            "cannot start '" + path + "': '" + path +
                "' is not a program of this machine; a script needs a first "
                "line such as #!/bin/sh");
}

TEST(Launch, StaysOnOneLine) {
  EXPECT_EQ(refusal(in_path("/bin", {"two\nlines"})),
            "cannot start 'two\\x0alines': there is no such program in the PATH");
}

}  // namespace
}  // namespace weir::io::test
