#include <algorithm>
#include <fstream>

#include "journal/error.hpp"
#include "journal/run_directory.hpp"
#include "journal/time.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

namespace fs = std::filesystem;

class FindRun : public testing::Test {
 protected:
  std::string create(const std::string& pipeline, const std::string& time) {
    RunInfo info = some_info();
    info.pipeline = pipeline;
    info.started_ns = *parse_iso_time("2026-11-25T" + time + ".000000Z");
    return RunDirectory::create(root, info, "").id();
  }
  std::string found(const std::string& which) const {
    try {
      return RunDirectory::open(which, root).id();
    } catch (const UnknownRun& error) {
      return error.what();
    }
  }

  const Folder folder;
  const fs::path root = folder / "runs";
  const std::string in_root = "'" + root.string() + "'";
};

TEST_F(FindRun, ByItsIdOrTheBeginningOfIt) {
  const std::string one = create("images", "01:00:00");
  const std::string two = create("images", "01:00:00");
  const std::string three = create("backup", "02:00:00");
  EXPECT_EQ(found(one), one);
  EXPECT_EQ(found(two), two);
  EXPECT_EQ(found("20261125-02"), three);
  EXPECT_EQ(found("20261125-010000-images-"), two);
}

TEST_F(FindRun, TheLatest) {
  create("images", "01:00:00");
  const std::string last = create("backup", "02:00:00");
  EXPECT_EQ(found("latest"), last);
  EXPECT_EQ(RunDirectory::open("latest", root).path(), root / last);
}

/// What is printed of it must not mean another one after the next run.
TEST_F(FindRun, ByThePathOfTheLink) {
  const std::string last = create("backup", "02:00:00");
  EXPECT_EQ(RunDirectory::open((root / "latest").string(), root).path(), root / last);
  EXPECT_EQ(RunDirectory::open((root / "latest").string() + "/", root).path(), root / last);
}

TEST_F(FindRun, TheLatestAlsoIfTheLinkIsGone) {
  create("zebra", "01:00:00");
  const std::string last = create("backup", "02:00:00");
  fs::remove(root / "latest");
  EXPECT_EQ(found("latest"), last);
  fs::create_symlink("removed", root / "latest");
  EXPECT_EQ(found("latest"), last);
}

TEST_F(FindRun, ByItsPath) {
  const std::string one = create("images", "01:00:00");
  EXPECT_EQ(found(root / one), one);
  EXPECT_EQ(found((root / one).string() + "/"), one);
  EXPECT_EQ(found("/tmp/"), "'/tmp/' is not the directory of a run: it has no run.json");
}

TEST_F(FindRun, SaysWhichThereAre) {
  EXPECT_EQ(found("x"), "there is no run 'x'; there are no runs in " + in_root);
  EXPECT_EQ(found("latest"), "there are no runs in " + in_root);
  create("a", "01:00:00");
  EXPECT_EQ(found("x"), "there is no run 'x'; in " + in_root + " there is 20261125-010000-a");
  create("b", "02:00:00");
  EXPECT_EQ(found("x"), "there is no run 'x'; in " + in_root +
                            " there are 20261125-020000-b, 20261125-010000-a");
  EXPECT_EQ(found(""), "there is no run ''; in " + in_root +
                           " there are 20261125-020000-b, 20261125-010000-a");
  for (int i = 0; i < 5; ++i) create("c", "03:00:0" + std::to_string(i));
  EXPECT_EQ(found("20261125-03"),
            "'20261125-03' is the beginning of 5 runs: 20261125-030004-c, 20261125-030003-c, "
            "20261125-030002-c, 20261125-030001-c, 20261125-030000-c");
  EXPECT_EQ(found("x"), "there is no run 'x'; in " + in_root +
                            " there are 20261125-030004-c, 20261125-030003-c, 20261125-030002-c, "
                            "20261125-030001-c, 20261125-030000-c and 2 more");
}

TEST_F(FindRun, ListsThemInTheOrderOfTheirStart) {
  EXPECT_TRUE(list_runs(root).runs.empty());
  create("z", "01:00:00");
  create("b", "03:00:00");
  create("a", "02:00:00");
  std::vector<std::string> pipelines;
  for (const RunDirectory& run : list_runs(root).runs) pipelines.push_back(run.info().pipeline);
  EXPECT_EQ(pipelines, (std::vector<std::string>{"z", "a", "b"}));
}

TEST_F(FindRun, ListsWhatCanNotBeReadAsProblems) {
  const std::string good = create("good", "01:00:00");
  const std::string bad = create("bad", "02:00:00");
  const std::string newer = create("newer", "03:00:00");
  std::ofstream(root / bad / "run.json") << "{";
  std::ofstream(root / newer / "run.json") << R"({"weir": 2})";
  fs::create_directory(root / "something-else");
  const RunList list = list_runs(root);
  ASSERT_EQ(list.runs.size(), 1U);
  EXPECT_EQ(list.runs[0].id(), good);
  ASSERT_EQ(list.problems.size(), 2U);
  EXPECT_TRUE(
      list.problems[0].starts_with("'" + (root / bad / "run.json").string() + "' is damaged: "))
      << list.problems[0];
  EXPECT_EQ(list.problems[1], "'" + (root / newer / "run.json").string() +
                                  "' was written by a newer weir: it has version 2, this weir "
                                  "knows it up to 1; use that one");
}

}  // namespace
}  // namespace weir::journal::test
