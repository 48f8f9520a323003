#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// What a run takes over from the one that it goes on with, or repeats.
class ResumeSettings : public EndToEnd {
 protected:
  Ended weir(const Strings& arguments, const std::string& below = "") {
    return EndToEnd::weir({.arguments = arguments, .folder = folder.path() / below});
  }
  /// The last line that was printed, pasted into a shell.
  Ended paste(const Ended& ended, const std::string& below = "") {
    const std::string label = "can be done by: ";
    const std::size_t at = ended.err.rfind(label);
    if (at == std::string::npos) throw std::runtime_error("no hint:\n" + ended.err);
    const std::string line = ended.err.substr(at + label.size());
    Process shell("/bin/sh", {.arguments = {"-c", "weir() { '" WEIR_BINARY "' \"$@\"; }\n" + line},
                              .folder = folder.path() / below});
    return shell.wait();
  }
  std::string run_json() { return folder.read(".weir/runs/latest/run.json"); }
  void make_folder(const std::string& name) {
    std::filesystem::create_directory(folder.file(name));
  }
  Strings take_log(const std::string& name = "log") {
    if (!folder.has(name)) return {};
    Strings lines = lines_of(folder.read(name));
    std::filesystem::remove(folder.file(name));
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

const char* const kBesideTheFile = R"(
a: {source: list, items: [x, y]}
b: {from: a, shell: 'echo "$N ${weir.dir}" >>log; test $N = x || test -e good', env: {N: '${{ item }}'}})";

TEST_F(ResumeSettings, ARerunNamesTheFileAsTheRunDid) {
  make_folder("sub dir");
  make_folder("elsewhere");
  folder.write("sub dir/test.yaml", pipeline(kBesideTheFile));
  EXPECT_EQ(weir({"run", "sub dir/test.yaml"}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"x sub dir", "y sub dir"}));
  EXPECT_EQ(weir({"rerun", "../.weir/runs/latest", "x"}, "elsewhere").status, 0);
  EXPECT_EQ(take_log(), (Strings{"x sub dir"}));
  const Ended failed = weir({"rerun", "../.weir/runs/latest", "y"}, "elsewhere");
  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(take_log(), (Strings{"y sub dir"}));
  folder.write("good", "");
  const Ended pasted = paste(failed, "elsewhere");
  EXPECT_EQ(pasted.status, 0) << pasted.err;
  EXPECT_EQ(take_log(), (Strings{"y sub dir"}));
  EXPECT_NE(weir({"run", "-n", "sub dir/test.yaml", "--resume"}).out.find("0 to run, 2 to skip"),
            std::string::npos);
}

TEST_F(ResumeSettings, AnotherPathOfTheSameFileIsNoChange) {
  make_folder("sub");
  make_folder("elsewhere");
  folder.write("good", "");
  folder.write("sub/test.yaml", pipeline(kBesideTheFile));
  EXPECT_EQ(weir({"run", "sub/test.yaml"}).status, 0);
  const std::string absolute = folder.file("sub/test.yaml");
  const std::string run = folder.file(".weir/runs/latest");
  for (const Strings& arguments : {Strings{"run", "-n", absolute, "--resume"},
                                   Strings{"run", "-n", "./elsewhere/../sub/test.yaml", "--resume"},
                                   Strings{"run", "-n", absolute, "--resume", run}}) {
    const Ended ended = weir(arguments);
    EXPECT_NE(ended.out.find("0 to run, 2 to skip"), std::string::npos) << ended.out << ended.err;
  }
  // From there, "sub" is not the file's folder: it is another command that is run.
  const Ended moved = weir({"run", "-n", "../sub/test.yaml", "--resume", run}, "elsewhere");
  EXPECT_NE(moved.out.find("run   b  x  command changed\n"), std::string::npos) << moved.out;
  // Whoever wants to go on from anywhere names the file by a path that holds anywhere.
  EXPECT_EQ(weir({"run", absolute}).status, 0);
  const Ended anywhere = weir({"run", "-n", "../sub/test.yaml", "--resume", run}, "elsewhere");
  EXPECT_NE(anywhere.out.find("0 to run, 2 to skip"), std::string::npos) << anywhere.out;
}

const char* const kWithParameters = R"(weir: 1
params: {one: 1, two: 2, three: 3}
nodes:
  a: {source: list, items: [x, y]}
  b:
    from: a
    shell: 'echo "$N ${one} ${two} ${three}" >>log; test $N = x || test -e good'
    env: {N: '${{ item }}'}
)";

TEST_F(ResumeSettings, AreThoseOfTheRunUnlessGivenAgain) {
  folder.write("test.yaml", kWithParameters);
  const Ended first =
      weir({"run", "test.yaml", "--set", "one=5", "--set", "two=6", "--threads", "2"});
  EXPECT_EQ(first.status, 1);
  EXPECT_EQ(take_log(), (Strings{"x 5 6 3", "y 5 6 3"}));
  EXPECT_NE(weir({"run", "-n", "test.yaml", "--resume"}).out.find("1 to run, 1 to skip"),
            std::string::npos);
  EXPECT_EQ(weir({"run", "-n", "test.yaml", "--resume", "--set", "two=7"}).status, 0);
  EXPECT_EQ(paste(first).status, 1) << "the trial has changed nothing";
  EXPECT_EQ(take_log(), (Strings{"y 5 6 3"}));
  EXPECT_EQ(weir({"run", "test.yaml", "--resume", "--set", "two=7", "--set", "three=8"}).status, 1);
  EXPECT_EQ(take_log(), (Strings{"x 5 7 8", "y 5 7 8"}));
  const Json json = Json::parse(run_json());
  EXPECT_EQ(json["settings"], Json::parse(R"([["one","5"],["two","7"],["three","8"]])"));
  EXPECT_EQ(json["options"], Json::parse(R"({"threads":2})"));
  folder.write("good", "");
  EXPECT_EQ(weir({"run", "test.yaml", "--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"y 5 7 8"}));
}

TEST_F(ResumeSettings, OfAParameterThatIsGoneAreLeftOut) {
  folder.write("test.yaml", kWithParameters);
  EXPECT_EQ(weir({"run", "test.yaml", "--set", "one=5", "--set", "two=6"}).status, 1);
  take_log();
  std::string text = kWithParameters;
  text.replace(text.find("two: 2, "), 8, "").replace(text.find("${two}"), 6, "2");
  folder.write("test.yaml", text);
  const Ended ended = weir({"run", "test.yaml", "--resume"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(
      ended.err.find("warning: the run was begun with --set two=6, but there is no parameter"),
      std::string::npos)
      << ended.err;
  EXPECT_EQ(take_log(), (Strings{"x 5 2 3", "y 5 2 3"}));
}

TEST_F(ResumeSettings, PluginsAreThoseOfTheRun) {
  make_folder("elsewhere");
  std::filesystem::create_symlink(WEIR_PROBE, folder.file("probe.so"));
  folder.write("test.yaml",
               pipeline("a: {source: range, to: 1}\nb: {from: a, function: total}\n"
                        "c: {from: b, shell: 'echo >>log; test -e good'}"));
  const Ended first = weir({"run", "test.yaml", "--plugin", "./probe.so"});
  EXPECT_EQ(first.status, 1) << first.err;
  EXPECT_EQ(take_log().size(), 1U);
  EXPECT_EQ(paste(first).status, 1);
  const std::string run = folder.file(".weir/runs/latest");
  EXPECT_EQ(weir({"run", "../test.yaml", "--resume", run}, "elsewhere").status, 1);
  // One of the same name takes the place of the run's.
  std::filesystem::create_directory(folder.file("other"));
  std::filesystem::rename(folder.file("probe.so"), folder.file("other/probe.so"));
  EXPECT_EQ(weir({"run", "test.yaml", "--resume"}).status, 2);
  folder.write("good", "");
  const Ended last = weir({"run", "test.yaml", "--resume", "--plugin", "./other/probe.so"});
  EXPECT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(Json::parse(run_json())["plugins"], Json::parse(R"(["./other/probe.so"])"));
}

}  // namespace
}  // namespace weir::e2e
