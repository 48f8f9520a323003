#include <csignal>
#include <map>
#include <set>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// The JSON of `--summary-file`, field by field.
class Summary : public EndToEnd {
 protected:
  const Start with_summary = {.arguments = {"--summary-file", "summary.json"}};

  static Strings keys(const Json& object) {
    Strings keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
  }
};

TEST_F(Summary, OfARunThatIsDone) {
  ASSERT_EQ(run(R"(
given: {source: range, to: 5}
held: {from: given, queue: fifo}
wait: {from: held, limit: 2, function: sleep, for: 20ms}
named: {from: wait, function: format, text: 'n${{ item }}'}
kept: {from: named, sink: lines, path: out.txt})",
                with_summary)
                .status,
            0);
  const Json summary = this->summary();
  EXPECT_EQ(keys(summary),
            (Strings{"weir", "pipeline", "outcome", "exit_code", "seconds", "nodes"}));
  EXPECT_EQ(summary.at("weir"), 1);
  EXPECT_EQ(summary.at("pipeline"), "test");
  EXPECT_EQ(summary.at("outcome"), "done");
  EXPECT_EQ(summary.at("exit_code"), 0);
  EXPECT_GE(summary.at("seconds").get<double>(), 0.06);

  const Json& nodes = summary.at("nodes");
  EXPECT_EQ(keys(nodes), (Strings{"given", "held", "wait", "named", "kept"}));
  for (const auto& [name, node] : nodes.items()) {
    EXPECT_EQ(keys(node),
              (Strings{"kind", "type", "limit", "in", "out", "done", "failed", "cancelled",
                       "retried", "peak_running", "peak_waiting", "busy_seconds", "batches"}))
        << name;
    EXPECT_EQ(node.at("in"), 5) << name;
    EXPECT_EQ(node.at("done"), 5) << name;
    EXPECT_EQ(node.at("failed"), 0) << name;
    EXPECT_EQ(node.at("cancelled"), 0) << name;
    EXPECT_EQ(node.at("out"), name == "kept" ? 0 : 5) << name;
    EXPECT_GE(node.at("peak_running").get<int>(), 0) << name;
    EXPECT_LE(node.at("peak_waiting").get<int>(), 5) << name;
    EXPECT_GE(node.at("busy_seconds").get<double>(), 0) << name;
  }
  const std::map<std::string, std::pair<std::string, std::string>> types = {
      {"given", {"source", "range"}},  {"held", {"queue", "fifo"}},
      {"wait", {"function", "sleep"}}, {"named", {"function", "format"}},
      {"kept", {"sink", "lines"}},
  };
  for (const auto& [name, kind_and_type] : types) {
    EXPECT_EQ(nodes.at(name).at("kind"), kind_and_type.first);
    EXPECT_EQ(nodes.at(name).at("type"), kind_and_type.second);
    EXPECT_EQ(nodes.at(name).at("limit"), name == "wait" ? Json(2) : Json(nullptr)) << name;
  }
  EXPECT_EQ(nodes.at("wait").at("peak_running"), 2);
  EXPECT_GE(nodes.at("wait").at("busy_seconds").get<double>(), 0.1);
}

TEST_F(Summary, OfARunWithItemsThatFailed) {
  ASSERT_EQ(run("given: {source: range, to: 4}\n"
                "tried: {from: given, shell: 'test $N -le 1', env: {N: '${{ item }}'}}\n",
                with_summary)
                .status,
            1);
  const Json summary = this->summary();
  EXPECT_EQ(summary.at("outcome"), "failed");
  EXPECT_EQ(summary.at("exit_code"), 1);
  EXPECT_FALSE(summary.contains("errors"));
  const Json& tried = summary.at("nodes").at("tried");
  EXPECT_EQ(tried.at("in"), 4);
  EXPECT_EQ(tried.at("done"), 1);
  EXPECT_EQ(tried.at("out"), 1);
  EXPECT_EQ(tried.at("failed"), 3);
}

TEST_F(Summary, OfARunThatWasStopped) {
  Signpost started(folder, "started");
  const auto process = begin(R"(
given: {source: range, to: 10}
held: {from: given, queue: fifo}
work: {from: held, limit: 2, shell: 'echo >started; exec sleep 1000'}
kept: {from: work, sink: count})",
                             with_summary);
  started.read_line();
  started.read_line();
  process->send(SIGTERM);
  process->wait_for_error("once more to end it");
  process->send(SIGTERM);
  ASSERT_EQ(process->wait().status, 143);
  const Json summary = this->summary();
  EXPECT_EQ(summary.at("outcome"), "stopped");
  EXPECT_EQ(summary.at("exit_code"), 143);
  const Json& work = summary.at("nodes").at("work");
  EXPECT_EQ(work.at("done"), 0);
  EXPECT_EQ(work.at("failed"), 0);
  EXPECT_EQ(work.at("cancelled"), work.at("in"));
  EXPECT_EQ(work.at("peak_running"), 2);
}

TEST_F(Summary, OfARunThatCouldNotDoItsWork) {
  ASSERT_EQ(
      run("given: {source: range, to: 4}\nkept: {from: given, sink: lines, path: /dev/full}\n",
          with_summary)
          .status,
      3);
  const Json summary = this->summary();
  EXPECT_EQ(summary.at("outcome"), "error");
  EXPECT_EQ(summary.at("exit_code"), 3);
  EXPECT_EQ(summary.at("errors"), Json({"kept: can't write '/dev/full': No space left on device"}));
}

TEST_F(Summary, OfARunThatCouldNotBegin) {
  ASSERT_EQ(
      run("given: {source: lines, path: nowhere}\nkept: {from: given, sink: count}\n", with_summary)
          .status,
      3);
  EXPECT_EQ(summary().at("outcome"), "error");
  EXPECT_EQ(summary().at("nodes").at("kept").at("in"), 0);
}

TEST_F(Summary, HasTheNameThatThePipelineGivesItself) {
  folder.write("named.yaml",
               "weir: 1\nname: my work\nnodes:\n  a: {source: range, to: 1}\n"
               "  b: {from: a, sink: discard}\n");
  weir({.arguments = {"run", "named.yaml", "--summary-file", "summary.json"}});
  EXPECT_EQ(summary().at("pipeline"), "my work");
}

TEST_F(Summary, IsNotWrittenIfNothingWasStarted) {
  EXPECT_EQ(run("given: {source: rnage}", with_summary).status, 2);
  EXPECT_FALSE(folder.has("summary.json"));
}

TEST_F(Summary, ThatCannotBeWrittenIsAnError) {
  const Ended ended = run("a: {source: range, to: 1}\nb: {from: a, sink: count}",
                          {.arguments = {"--summary-file", "nowhere/summary.json"}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("'nowhere/summary.json.part'"), std::string::npos) << ended.err;
}

TEST_F(Summary, IsShownAsATable) {
  const Ended ended = run(R"(
given: {source: range, to: 5}
held: {from: given, queue: fifo}
wait: {from: held, limit: 2, function: sleep, for: 1ms}
kept: {from: wait, sink: discard})");
  const Strings lines = lines_of(ended.err);
  ASSERT_EQ(lines.size(), 11U) << ended.err;
  EXPECT_EQ(lines[5], "node   in  done  failed  peak running  peak waiting  busy time  batch");
  EXPECT_EQ(lines[6], "given   5     5       -             -             -          -      1");
  EXPECT_TRUE(lines[8].starts_with("wait    5     5       0             2  ")) << lines[8];
  EXPECT_TRUE(lines[10].starts_with("test: done in ")) << lines[10];
}

}  // namespace
}  // namespace weir::e2e
