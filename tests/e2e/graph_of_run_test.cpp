#include <csignal>

#include "journal/history.hpp"
#include "run_folder.hpp"
#include "support.hpp"

namespace weir::e2e {
namespace {

/// `weir graph --run`.
class GraphOfRun : public EndToEnd {
 protected:
  Json graph() {
    const Ended ended = weir({.arguments = {"graph", "--run", "latest", "-f", "json"}});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return Json::parse(ended.out);
  }
  static Json run_of(const Json& graph, const std::string& node) {
    for (const Json& one : graph.at("nodes")) {
      if (one.at("name") == node) return one.at("run");
    }
    return nullptr;
  }
};

TEST_F(GraphOfRun, ShowsWhatFailedOfOneThatIsOver) {
  const Ended ended = run(R"(
a: {source: list, items: [p, q, r]}
build: {from: a, shell: 'test "$I" != q', env: {I: '${{ item }}'}}
push: {from: build, run: ['true'], limit: 2}
never: {from: push.failed, sink: discard})");
  EXPECT_EQ(ended.status, 1);
  const Json json = graph();
  EXPECT_EQ(json["run"]["state"], "failed");
  EXPECT_EQ(run_of(json, "a")["state"], "done");
  EXPECT_EQ(run_of(json, "build")["state"], "failed");
  EXPECT_EQ(run_of(json, "build")["done"], 2);
  EXPECT_EQ(run_of(json, "build")["failed"], 1);
  EXPECT_EQ(run_of(json, "push")["state"], "done");
  EXPECT_EQ(run_of(json, "never")["state"], "idle");
  // The file and the folder are not needed: the graph is in the record.
  std::filesystem::remove(folder.file("test.yaml"));
  for (const std::string format : {"text", "dot", "mermaid", "svg"}) {
    const Ended picture = weir({.arguments = {"graph", "--run", "latest", "-f", format}});
    EXPECT_EQ(picture.status, 0) << picture.err;
    EXPECT_NE(picture.out.find("failed"), std::string::npos) << picture.out;
  }
}

TEST_F(GraphOfRun, ShowsTheBottleneckOfALiveOneAndWhatWasCutOffOfAKilledOne) {
  Signpost begun(folder, "begun");
  folder.write("test.yaml", pipeline(R"(
a: {source: list, items: [p, q, r]}
push: {from: a, shell: 'echo here >begun; exec sleep 100', limit: 1})"));
  Process process(WEIR_BINARY, Start{.arguments = {"run", "test.yaml"}, .folder = folder.path()});
  begun.read_line();
  // What waits gets there by itself, and soon.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  Json live = graph();
  while (run_of(live, "push")["waiting"] != 2) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    live = graph();
  }
  EXPECT_EQ(live["run"]["state"], "running");
  EXPECT_EQ(run_of(live, "push")["state"], "running");
  EXPECT_EQ(run_of(live, "push")["running"], 1);
  EXPECT_TRUE(run_of(live, "push").value("bottleneck", false));
  EXPECT_NE(run_of(live, "push")["note"].get<std::string>().find("limit"), std::string::npos);
  EXPECT_EQ(run_of(live, "a")["state"], "done");
  // What has just begun is written down a little later.
  const std::filesystem::path record = folder.path() / journal::default_root() / "latest/run.db";
  while (journal::History::load(record).nodes().empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
  process.send(SIGKILL);
  process.wait();
  const Json killed = graph();
  EXPECT_EQ(killed["run"]["state"], "crashed");
  EXPECT_EQ(run_of(killed, "push")["state"], "stopped");
  EXPECT_EQ(run_of(killed, "push")["cut_off"], 1);
  EXPECT_EQ(run_of(killed, "push")["running"], 0);
}

TEST_F(GraphOfRun, ReadsThePipelineAgainWhereTheRecordHasNoGraph) {
  HandMadeRun made(folder, "images", "01:00:00");
  made.start("build", 1, "nginx");
  made.end("build", 1, journal::State::done);
  made.start("push", 1, "nginx");
  made.die();
  const Json json = graph();
  EXPECT_EQ(json["edges"].size(), 2U);
  EXPECT_EQ(run_of(json, "build")["done"], 1);
  EXPECT_EQ(run_of(json, "push")["cut_off"], 1);
}

TEST_F(GraphOfRun, IsOneOrTheOther) {
  folder.write("x.yaml", pipeline("a: {source: range, to: 9}"));
  for (const Strings& arguments : {Strings{"graph"}, Strings{"graph", "x.yaml", "--run", "latest"},
                                   Strings{"graph", "--run", "latest", "--tbb"},
                                   Strings{"graph", "--run", "latest", "--set", "a=b"}}) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
  const Ended unknown = weir({.arguments = {"graph", "--run", "nothing"}});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("nothing"), std::string::npos) << unknown.err;
}

}  // namespace
}  // namespace weir::e2e
