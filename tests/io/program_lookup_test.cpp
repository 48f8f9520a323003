#include "support.hpp"

namespace weir::io::test {
namespace {

Command tool(std::string path, std::string cwd = "") {
  Command result = command({"tool"});
  result.env = {{"PATH", std::move(path)}};
  result.cwd = std::move(cwd);
  return result;
}

TEST(ProgramLookup, UsesThePathOfTheChildsEnvironment) {
  const TemporaryFolder folder;
  folder.write("tool", "#!/bin/sh\necho ours\n", 0755);
  EXPECT_EQ(run(tool("/nowhere:" + folder.path())).result.out, "ours\n");
}

TEST(ProgramLookup, TakesTheFirstThatCanBeRun) {
  const TemporaryFolder not_executable, folder, first, second;
  not_executable.write("tool", "#!/bin/sh\necho wrong\n", 0644);
  std::filesystem::create_directory(folder.file("tool"));
  first.write("tool", "#!/bin/sh\necho first\n", 0755);
  second.write("tool", "#!/bin/sh\necho second\n", 0755);
  const std::string path =
      not_executable.path() + ':' + folder.path() + ':' + first.path() + ':' + second.path();
  EXPECT_EQ(run(tool(path)).result.out, "first\n");
}

TEST(ProgramLookup, IsRelativeToTheWorkingDirectory) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("bin"));
  folder.write("bin/tool", "#!/bin/sh\necho inside\n", 0755);
  Command by_path = command({"bin/tool"});
  by_path.cwd = folder.path();
  EXPECT_EQ(run(by_path).result.out, "inside\n");
  EXPECT_EQ(run(tool("bin", folder.path())).result.out, "inside\n");
  // An empty entry is the working directory itself.
  EXPECT_EQ(run(tool("/nowhere:", folder.file("bin"))).result.out, "inside\n");
}

TEST(ProgramLookup, LeavesArgv0AsItIs) {
  const ProcessOutcome outcome = run(command({"sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline"}));
  EXPECT_TRUE(outcome.result.out.starts_with("sh -c ")) << outcome.result.out;
}

}  // namespace
}  // namespace weir::io::test
