#include <fstream>

#include "run_folder.hpp"
#include "support.hpp"

namespace weir::e2e {
namespace {

using journal::State;

class Runs : public EndToEnd {
 protected:
  /// Cells of the table, but for the times.
  std::vector<Strings> rows() {
    const Ended ended = weir({.arguments = {"runs"}});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
    std::vector<Strings> rows;
    for (const std::string& line : lines_of(ended.out)) {
      std::istringstream words(line);
      Strings& row = rows.emplace_back();
      for (std::string word; words >> word;) row.push_back(word);
    }
    return rows;
  }
};

TEST_F(Runs, AreListedTheLatestLast) {
  HandMadeRun done(folder, "images", "01:00:00");
  done.start("build", 1, "nginx");
  done.end("build", 1, State::done);
  done.start("build", 2, "redis");
  done.end("build", 2, State::failed);
  done.summarize("failed", 1);
  done.die();
  HandMadeRun crashed(folder, "images", "02:00:00");
  crashed.start("build", 1, "nginx");
  crashed.end("build", 1, State::done);
  crashed.start("build", 2, "redis");
  crashed.die();
  const HandMadeRun running(folder, "images", "03:00:00");

  const std::vector<Strings> rows = this->rows();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0], (Strings{"run", "pipeline", "state", "started", "(UTC)", "took", "done",
                              "failed", "items"}));
  EXPECT_EQ(rows[1], (Strings{"20261125-010000-images", "images", "failed", "2026-11-25",
                              "01:00:00", "2.5s", "1", "1", "2"}));
  EXPECT_EQ(rows[2], (Strings{"20261125-020000-images", "images", "crashed", "2026-11-25",
                              "02:00:00", "2.0s", "1", "0", "2"}));
  EXPECT_EQ(rows[3][2], "running");
}

TEST_F(Runs, AreGivenToProgramsAsJson) {
  HandMadeRun run(folder, "images", "01:00:00");
  run.start("build", 1, "nginx");
  run.end("build", 1, State::done);
  run.start("build", 2, "redis");
  run.end("build", 2, State::cancelled);
  run.summarize("stopped", 130);
  run.die();
  const Json expected = {{{"id", "20261125-010000-images"},
                          {"directory", ".weir/runs/20261125-010000-images"},
                          {"pipeline", "images"},
                          {"state", "stopped"},
                          {"started", "2026-11-25T01:00:00.000000Z"},
                          {"seconds", 2.5},
                          {"exit_code", 130},
                          {"items", 2},
                          {"running", 0},
                          {"backing_off", 0},
                          {"done", 1},
                          {"failed", 0},
                          {"cancelled", 1}}};
  EXPECT_EQ(Json::parse(weir({.arguments = {"runs", "--json"}}).out), expected);
}

TEST_F(Runs, ThatWereResumedTookTheTimeOfTheLastOne) {
  HandMadeRun run(folder, "images", "01:00:00");
  run.start("build", 1, "nginx");
  run.end("build", 1, State::failed);
  run.begin_again(std::chrono::hours(3));
  run.start("build", 1, "nginx");
  run.end("build", 1, State::done);
  run.die();
  const Json json = Json::parse(weir({.arguments = {"runs", "--json"}}).out).at(0);
  EXPECT_EQ(json["state"], "crashed");
  EXPECT_EQ(json["started"], "2026-11-25T01:00:00.000000Z");
  EXPECT_EQ(json["seconds"], 2.0);
  // While it goes on.
  HandMadeRun alive(folder, "alive", "02:00:00");
  const auto age =
      std::chrono::system_clock::now().time_since_epoch() -
      std::chrono::nanoseconds(journal::parse_iso_time("2026-11-25T02:00:00.000000Z").value());
  alive.begin_again(std::chrono::duration_cast<std::chrono::seconds>(age));
  EXPECT_LT(Json::parse(weir({.arguments = {"runs", "--json"}}).out).at(1)["seconds"], 60);
}

TEST_F(Runs, ThatHaveCrashedTookUntilTheLastThatIsKnown) {
  HandMadeRun run(folder, "images", "01:00:00");
  run.start("build", 1, "nginx");
  run.sample(std::chrono::milliseconds(7500));
  run.die();
  EXPECT_EQ(rows().at(1).at(5), "7.5s");
  const Ended status = weir({.arguments = {"status"}});
  EXPECT_NE((status.out + status.err).find("7.5s"), std::string::npos) << status.out << status.err;
}

TEST_F(Runs, OfNoneSaysSo) {
  const Ended ended = weir({.arguments = {"runs"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "there are no runs in '.weir/runs'\n");
  EXPECT_EQ(weir({.arguments = {"runs", "--json"}}).out, "[]\n");
}

TEST_F(Runs, ThatCanNotBeReadAreNamedAndTheOthersListed) {
  HandMadeRun(folder, "a", "01:00:00").die();
  HandMadeRun(folder, "b", "02:00:00").die();
  folder.write(".weir/runs/20261125-010000-a/run.json", "{");
  folder.write(".weir/runs/20261125-020000-b/run.db", "no database");
  const Ended ended = weir({.arguments = {"runs"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(lines_of(ended.out).size(), 2U);
  const Strings said = lines_of(ended.err);
  ASSERT_EQ(said.size(), 2U) << ended.err;
  EXPECT_TRUE(
      said[0].starts_with("weir: warning: '.weir/runs/20261125-010000-a/run.json' is damaged"));
  EXPECT_EQ(said[1],
            "weir: warning: '.weir/runs/20261125-020000-b/run.db': file is not a database");
}

TEST_F(Runs, AreLookedForWhereItIsSaid) {
  HandMadeRun(folder, "a", "01:00:00").die();
  std::filesystem::create_directory(folder.file("elsewhere"));
  const Ended ended =
      weir({.arguments = {"runs", "--root", "../.weir/runs"}, .folder = folder.file("elsewhere")});
  EXPECT_EQ(lines_of(ended.out).size(), 2U) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
