#include <algorithm>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Every file of pipelines/ does what it says.
class Pipelines : public EndToEnd {
 protected:
  static std::string file(const std::string& name) { return WEIR_ROOT "/pipelines/" + name; }
  static bool is_installed(const std::string& program) {
    return Process("/bin/sh", {.arguments = {"-c", "command -v " + program}, .folder = "/"})
               .wait()
               .status == 0;
  }
};

TEST_F(Pipelines, AreAllTested) {
  Strings names;
  for (const auto& entry : std::filesystem::directory_iterator(WEIR_ROOT "/pipelines")) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (Strings{"checksums.yaml", "images.yaml", "pool.yaml", "words.yaml"}));
}

TEST_F(Pipelines, HaveNoWarnings) {
  const Ended ended = weir({.arguments = {"check", file("pool.yaml"), file("checksums.yaml"),
                                          file("images.yaml"), file("words.yaml")}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
}

TEST_F(Pipelines, PoolLetsThreeReadAtATime) {
  const Ended ended = weir({.arguments = {"run", file("pool.yaml"), "--set", "writers=30", "--set",
                                          "shortest=10ms", "--set", "longest=100ms", "--set",
                                          "read_time=30ms", "--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "30\n");
  const Json nodes = summary().at("nodes");
  EXPECT_EQ(nodes.at("write").at("peak_running"), 30);
  EXPECT_EQ(nodes.at("read").at("peak_running"), 3);
  EXPECT_EQ(nodes.at("read").at("limit"), 3);
}

TEST_F(Pipelines, ChecksumsAreThoseOfSha256sum) {
  Strings names;
  for (const char* name : {"a.txt", "b c.txt", "$(touch hacked).txt", "-d.txt"}) {
    folder.write("in/" + std::string(name), name);
    names.push_back(folder.file("in/" + std::string(name)));
  }
  const Start start{
      .arguments = {"run", file("checksums.yaml"), "--set", "pattern=" + folder.file("in/*.txt")}};
  const Ended ended = weir(start);
  EXPECT_EQ(ended.status, 0) << ended.err;
  Strings lines = lines_of(folder.read("checksums.sha256"));
  EXPECT_EQ(lines.size(), names.size());
  Strings shown = lines_of(ended.out);
  EXPECT_EQ(shown, lines);
  EXPECT_FALSE(folder.has("hacked"));
  const Ended checked =
      Process("sha256sum", {.arguments = {"--check", "checksums.sha256"}, .folder = folder.path()})
          .wait();
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;

  // A second run finds every line there already.
  const std::string before = folder.read("checksums.sha256");
  EXPECT_EQ(weir(start).status, 0);
  EXPECT_EQ(folder.read("checksums.sha256"), before);
}

TEST_F(Pipelines, WordsAreCounted) {
  const Ended ended = weir({.arguments = {"run", file("words.yaml"), "--set", "most=4"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "20 the\n10 and\n6 a\n6 it\n");
  EXPECT_EQ(weir({.arguments = {"run", file("words.yaml"), "--set", "text=-"},
                  .input = "b - a. (B)\n\n-- 'A' \"b\"\n"})
                .out,
            "3 b\n2 a\n");
}

TEST_F(Pipelines, ImagesAreAllInTheRegistry) {
  if (geteuid() != 0) GTEST_SKIP() << "buildah needs root";
  for (const char* program : {"buildah", "docker-registry", "curl"}) {
    if (!is_installed(program)) {
      GTEST_SKIP() << program << " is not installed; ./tests/run.sh installs it";
    }
  }
  const Ended ended =
      Process(file("images/with-registry.sh"),
              {.arguments = {WEIR_BINARY, "run", file("images.yaml"), "--set", "images=20",
                             "--summary-file", folder.file("summary.json")},
               .environment = {{"TMPDIR", folder.path()}},
               .folder = folder.path()})
          .wait();
  ASSERT_EQ(ended.status, 0) << ended.err;
  Strings expected = {"20"};
  for (int i = 1; i <= 20; ++i) expected.push_back("weir/image-" + std::to_string(i));
  EXPECT_EQ(lines_of(ended.out), expected);
  EXPECT_EQ(summary().at("nodes").at("push").at("done"), 20);
  EXPECT_EQ(summary().at("nodes").at("push").at("peak_running"), 3);
}

}  // namespace
}  // namespace weir::e2e
