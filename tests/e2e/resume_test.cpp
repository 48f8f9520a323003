#include "resume.hpp"

#include <algorithm>
#include <csignal>

#include "journal/history.hpp"

namespace weir::e2e {
namespace {

const char* const kTwoSteps = R"(
a: {source: list, items: [x, y, z]}
build: {from: a, shell: 'echo "build $N" >>log', env: {N: '${{ item }}'}}
push: {from: build, emit: stdout, shell: 'echo "push $N" >>log; test ! -e bad_$N || exit 1; echo "pushed $N"', env: {N: '${{ item }}'}}
show: {from: push, sink: lines, path: out})";

TEST_F(Resume, DoesWhatFailedAgainAndNothingElse) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  EXPECT_EQ(take_log().size(), 6u);
  std::filesystem::remove(folder.file("bad_y"));
  const Ended ended = run_file({"--resume"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(take_log(), (Strings{"push y"}));
  Strings out = lines_of(folder.read("out"));
  std::sort(out.begin(), out.end());
  EXPECT_EQ(out, (Strings{"pushed x", "pushed y", "pushed z"}));
}

TEST_F(Resume, SaysWhatItWouldDoAndWhy) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  std::filesystem::remove(folder.file("out"));
  take_log();
  const Ended ended = run_file({"-n", "--resume"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("run   push   y  failed before\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("skip  build  y  done\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("1 to run, 5 to skip; nothing was run\n"), std::string::npos);
  EXPECT_EQ(take_log(), Strings());
  EXPECT_FALSE(folder.has("out"));
}

TEST_F(Resume, SaysThatWhatComesOfAnItemIsRunToo) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  EXPECT_EQ(run_file({"-n", "--resume"}).out.find("comes of them"), std::string::npos);
  write(replaced(kTwoSteps, "build $N", "Build $N"));
  const Ended ended = run_file({"-n", "--resume"});
  EXPECT_NE(ended.out.find("; nothing was run\nwhat else comes of them is run too, by push\n"),
            std::string::npos)
      << ended.out;
}

TEST_F(Resume, RunsAgainWhatAChangedCommandTouches) {
  write(kTwoSteps);
  EXPECT_EQ(run_file().status, 0);
  take_log();
  write(replaced(kTwoSteps, "push $N", "Push $N"));
  EXPECT_NE(run_file({"-n", "--resume"}).out.find("run   push   x  command changed\n"),
            std::string::npos);
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"Push x", "Push y", "Push z"}));
}

TEST_F(Resume, RunsAgainWhatComesOfAChange) {
  write(kTwoSteps);
  EXPECT_EQ(run_file().status, 0);
  take_log();
  write(replaced(kTwoSteps, "build $N", "Build $N"));
  const Ended plan = run_file({"-n", "--resume"});
  EXPECT_NE(plan.out.find("run   build  x  command changed\n"), std::string::npos) << plan.out;
  EXPECT_NE(plan.out.find("run   push   x  upstream changed\n"), std::string::npos) << plan.out;
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"Build x", "Build y", "Build z", "push x", "push y", "push z"}));
}

TEST_F(Resume, RunsItemsThatAreNewOrHaveChanged) {
  write(kTwoSteps);
  EXPECT_EQ(run_file().status, 0);
  take_log();
  write(replaced(kTwoSteps, "[x, y, z]", "[x, Y, z, v]"));
  const Ended plan = run_file({"-n", "--resume"});
  EXPECT_NE(plan.out.find("run   build  Y  item changed (it was y)\n"), std::string::npos)
      << plan.out;
  EXPECT_NE(plan.out.find("run   build  v  new\n"), std::string::npos) << plan.out;
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"build Y", "build v", "push Y", "push v"}));
}

TEST_F(Resume, GoesOnAfterAKill) {
  Signpost started(folder, "started");
  write(R"(
a: {source: range, to: 4}
b: {from: a, limit: 1, shell: 'echo "$N $WEIR_ITEM_ID" >>log; test $N -lt 3 || test -e again || { echo >started; exec sleep 1000; }', env: {N: '${{ item }}'}}
c: {from: b, sink: lines, path: out})");
  const auto process = begin_file();
  started.read_line();
  wait_until_done(2);  // written down a moment after it ended, as the documentation says
  process->send(SIGKILL);
  process->wait();
  const Strings before = take_log();
  ASSERT_EQ(before.size(), 3u);
  EXPECT_NE(weir({.arguments = {"runs"}}).out.find("crashed"), std::string::npos);
  folder.write("again", "");
  const Ended ended = run_file({"--resume", "latest"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Strings after = take_log();
  ASSERT_EQ(after.size(), 2u) << "the one that was under way, and the one that had not begun";
  EXPECT_EQ(after[0], before[2]) << "the same identity";
  EXPECT_EQ(lines_of(folder.read("out")).size(), 4u);
}

TEST_F(Resume, NothingSeemsToRunThatDidWhenAnEarlierOneDied) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const std::string nodes = R"(
a: {source: range, to: 2}
b: {from: a, limit: 1, shell: 'echo >started; test $N -lt 2 || exec sleep 1000', env: {N: '${{ item }}'}})";
  write(nodes);
  {
    const auto process = begin_file();
    started.read_line();
    started.read_line();
    wait_until(
        [](const journal::StateCounts& counts) { return counts.done == 1 && counts.running == 1; });
    process->send(SIGKILL);
    process->wait();
  }
  const auto runs = [&] { return Json::parse(weir({.arguments = {"runs", "--json"}}).out).at(0); };
  EXPECT_EQ(runs().at("running"), 1) << "when it died";
  // Stopped before the second one has its turn.
  write(replaced(nodes, "echo >started", "echo >started; read L <go"));
  const auto process = begin({"run", "test.yaml", "--resume"});
  started.read_line();
  process->send(SIGINT);
  process->wait_for_error("once more to end it");
  go.write_line("");
  EXPECT_EQ(process->wait().status, 130);
  EXPECT_EQ(runs().at("running"), 0);
  EXPECT_EQ(runs().at("cancelled"), 1);
  const Ended plan = run_file({"-n", "--resume"});
  EXPECT_NE(plan.out.find("run   b  2  command changed\n"), std::string::npos) << plan.out;
}

TEST_F(Resume, GoesOnAfterAStop) {
  Signpost started(folder, "started");
  write(R"(
a: {source: range, to: 9}
b: {from: a, limit: 1, shell: 'echo $N >>log; test $N -ne 2 || test -e again || { echo >started; exec sleep 1000; }', env: {N: '${{ item }}'}})");
  const auto process = begin_file();
  started.read_line();
  process->send(SIGTERM);
  process->wait_for_error("once more to end it");
  process->send(SIGTERM);
  EXPECT_EQ(process->wait().status, 143);
  EXPECT_EQ(take_log(), (Strings{"1", "2"}));
  folder.write("again", "");
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"2", "3", "4", "5", "6", "7", "8", "9"}));
}

TEST_F(Resume, IsRefusedWhileTheRunIsGoingOn) {
  Signpost started(folder, "started");
  write("a: {source: range, to: 1}\nb: {from: a, shell: 'echo >started; exec sleep 1000'}");
  const auto process = begin_file();
  started.read_line();
  const Ended ended = run_file({"--resume"});
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("still going on"), std::string::npos) << ended.err;
  process->send(SIGQUIT);
  process->wait();
}

TEST_F(Resume, OfAFileThatWasNotRunIsAnError) {
  write(kTwoSteps);
  const Ended ended = run_file({"--resume"});
  EXPECT_NE(ended.status, 0);
  EXPECT_NE(ended.err.find("there is no run of 'test.yaml'"), std::string::npos) << ended.err;
}

TEST_F(Resume, NeedsARunDirectory) {
  write(kTwoSteps);
  EXPECT_EQ(run_file({"--no-run-dir"}).status, 0);
  EXPECT_FALSE(folder.has(".weir"));
  EXPECT_EQ(run_file({"--run-dir", "here"}).status, 0);
  EXPECT_FALSE(folder.has(".weir"));
  EXPECT_TRUE(folder.has("here/run.db"));
  take_log();
  EXPECT_EQ(run_file({"--resume", "here"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(Resume, ItemsCanBeRunAgainByHand) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  const Ended first = run_file();
  EXPECT_EQ(first.status, 1);
  take_log();
  // The line that the failure has printed.
  const std::size_t at = first.err.find("again: weir ") + 12;
  const std::string line = first.err.substr(at, first.err.find('\n', at) - at);
  ASSERT_EQ(line.substr(0, 6), "rerun ");
  const std::size_t space = line.rfind(' ');
  std::filesystem::remove(folder.file("bad_y"));
  const Ended again =
      weir({.arguments = {"rerun", line.substr(6, space - 6), line.substr(space + 1)}});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(take_log(), (Strings{"push y"}));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "x"}}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"build x", "push x"}));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 0);
  EXPECT_EQ(take_log(), Strings());
  const Ended nothing = weir({.arguments = {"rerun", "latest", "nothing"}});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_EQ(nothing.err,
            "weir: error: there is no item 'nothing' in this run, at any of its nodes ('build', "
            "'push'); name one by its number, its text or its id (weir logs shows them)\n");
}

TEST_F(Resume, AnItemToBeRunAgainThatDoesNotComeIsAnError) {
  write(R"(
a: {source: lines, path: items}
build: {from: a, emit: stdout, shell: 'echo "build $N" >>log; test ! -e bad_$N || exit 1; echo "$N$N"', env: {N: '${{ item }}'}}
push: {from: build, shell: 'echo "push $N" >>log', env: {N: '${{ item }}'}}
show: {from: push, sink: lines, path: out})");
  folder.write("items", "x\ny\n");
  EXPECT_EQ(run_file().status, 0);
  const std::string out = folder.read("out");
  take_log();
  folder.write("items", "y\n");
  const Ended gone = weir({.arguments = {"rerun", "latest", "x", "yy"}});
  EXPECT_EQ(gone.status, 1);
  EXPECT_NE(gone.err.find("weir: error: build: 'x' ("), std::string::npos) << gone.err;
  EXPECT_NE(gone.err.find(") has not been run again: it did not come"), std::string::npos);
  EXPECT_EQ(gone.err.find("'yy'"), gone.err.npos) << gone.err;
  EXPECT_EQ(take_log(), Strings{"push yy"});
  EXPECT_EQ(folder.read("out"), out);
  const Json summary = Json::parse(folder.read(".weir/runs/latest/summary.json"));
  EXPECT_TRUE(summary.at("left_out"));
  EXPECT_EQ(summary.at("outcome"), "failed");
  folder.write("items", "x\ny\n");
  folder.write("bad_x", "");
  const Ended failed = weir({.arguments = {"rerun", "latest", "x", "xx"}});
  EXPECT_EQ(failed.status, 1);
  EXPECT_NE(failed.err.find("weir: error: push: 'xx' ("), std::string::npos) << failed.err;
  EXPECT_EQ(failed.err.find("weir: error: build"), failed.err.npos) << failed.err;
  EXPECT_EQ(folder.read("out"), out);
}

TEST_F(Resume, ARunOfWhichAnItemWasRunAgainIsPartlyDone) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  const Ended again = weir({.arguments = {"rerun", "latest", "x"}});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.err.find("weir: what is left can be done by: weir run test.yaml --resume 2"),
            std::string::npos)
      << again.err;
  EXPECT_NE(weir({.arguments = {"runs"}}).out.find("  partly done  "), std::string::npos);
  EXPECT_TRUE(Json::parse(folder.read(".weir/runs/latest/summary.json")).at("left_out"));
  std::filesystem::remove(folder.file("bad_y"));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_NE(weir({.arguments = {"runs"}}).out.find("  done  "), std::string::npos);
}

TEST_F(Resume, GoesOnWithTheLastRunInWhichAnythingBegan) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  take_log();
  folder.write("test.yaml",
               folder.read("test.yaml") + "\n  late: {from: push, sink: lines, path: no/where}\n");
  EXPECT_EQ(run_file().status, 3);
  EXPECT_EQ(lines_of(weir({.arguments = {"runs"}}).out).size(), 3u);
  write(kTwoSteps);
  std::filesystem::remove(folder.file("bad_y"));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"push y"}));
}

TEST_F(Resume, CountsInItsLinesWhatWasDoneBefore) {
  write(replaced(kTwoSteps, "[x, y, z]", "[x, z, y]"));
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  std::filesystem::remove(folder.file("bad_y"));
  const Ended ended = run_file({"--resume"});
  EXPECT_NE(ended.err.find("[push 3/3] done"), std::string::npos) << ended.err;
}

TEST_F(Resume, OfARunOfAnotherPipelineIsRefused) {
  write(kTwoSteps);
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  folder.write("other.yaml", replaced(folder.read("test.yaml"), "build $N", "Build $N"));
  const std::string before = folder.read(".weir/runs/latest/run.json");
  const Ended refused = weir({.arguments = {"run", "other.yaml", "--resume", "latest"}});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("is one of the pipeline 'test' ("), std::string::npos) << refused.err;
  EXPECT_EQ(folder.read(".weir/runs/latest/run.json"), before);
  // But it may have got another name, or stand elsewhere.
  folder.write("moved.yaml", "name: test\n" + folder.read("test.yaml"));
  EXPECT_EQ(weir({.arguments = {"run", "moved.yaml", "--resume", "latest"}}).status, 1);
}

TEST_F(Resume, AnItemWhoseLimitsCanNotBeToldIsWrittenDownAndCanBeRunAgain) {
  const auto text = [](int slots) {
    return "weir: 1\nlimits: {m: " + std::to_string(slots) +
           "}\nnodes:\n  a: {source: list, items: [1, 9]}\n"
           "  b: {from: a, limit: m, weight: '${{ item }}', shell: 'echo $N >>log', "
           "env: {N: '${{ item }}'}}\n";
  };
  folder.write("test.yaml", text(4));
  const Ended first = run_file();
  EXPECT_EQ(first.status, 1);
  EXPECT_NE(first.err.find("its weight is 9, and the limit m has 4 slots"), std::string::npos);
  EXPECT_NE(weir({.arguments = {"runs", "--json"}}).out.find("\"failed\": 1"), std::string::npos);
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "--failed"}}).status, 1);
  EXPECT_EQ(take_log(), Strings{"1"});
  folder.write("test.yaml", text(10));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings{"9"});
}

TEST_F(Resume, GoesOnBehindAQueueWithACapacity) {
  write(R"(
a: {source: range, to: 9}
b: {from: a, run: ['true']}
c: {from: b, queue: fifo, capacity: 2}
d: {from: c, shell: 'echo $N >>log', env: {N: '${{ item }}'}})");
  EXPECT_EQ(run_file().status, 0);
  EXPECT_EQ(take_log().size(), 9u);
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(Resume, KnowsOfAChangeUpstreamAlsoInALaterRun) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const std::string steps = R"(
a: {source: list, items: [x]}
build: {from: a, shell: 'echo "build 1" >>log'}
push: {from: build, shell: 'echo push >>log'})";
  write(steps);
  EXPECT_EQ(run_file().status, 0);
  take_log();
  const std::string changed = replaced(steps, "echo \"build 1\" >>log",
                                       "echo \"build 2\" >>log; echo >started; read L <go");
  write(changed);
  {
    // Stopped when the change has been built, and not pushed yet.
    Process process(WEIR_BINARY,
                    Start{.arguments = {"run", "test.yaml", "--resume"}, .folder = folder.path()});
    started.read_line();
    process.send(SIGINT);
    process.wait_for_error("once more to end it");
    go.write_line("");
    EXPECT_EQ(process.wait().status, 130);
  }
  EXPECT_EQ(take_log(), (Strings{"build 2"}));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), (Strings{"push"}));
}

/// The one whose way is longer comes last at first; when both are known, first.
TEST_F(Resume, EqualItemsAreToldApartByWhatTheyCameOf) {
  write(R"(
a: {source: list, items: [x]}
slow: {from: a, emit: stdout, shell: 'while ! test -s log; do sleep 0.01; done; echo same'}
fast: {from: a, emit: stdout, shell: 'echo same'}
push: {from: [slow, fast], limit: 1, shell: 'echo "push $WEIR_ITEM_ID" >>log'}
ship: {from: push, shell: 'echo ship >>log'})");
  EXPECT_EQ(run_file().status, 0);
  EXPECT_EQ(take_log().size(), 4u);
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
}

TEST_F(Resume, AnItemThatComesLateIsNotTakenForAnEqualOne) {
  const std::string nodes = R"(
a: {source: list, items: [bad, x, y], max_in_flight: 1}
build: {from: a, emit: stdout, shell: 'echo "build $N" >>log; test ! -e $N || exit 1; echo same', env: {N: '${{ item }}'}}
push: {from: build, shell: 'echo "push $WEIR_ITEM_ID" >>log'})";
  write(nodes);
  folder.write("bad", "");
  EXPECT_EQ(run_file().status, 1);
  const Strings first = take_log();
  ASSERT_EQ(first.size(), 5u);
  std::filesystem::remove(folder.file("bad"));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  const Strings second = take_log();
  ASSERT_EQ(second.size(), 2u) << "it comes first now, and the others are not done again";
  EXPECT_EQ(std::count(first.begin(), first.end(), second[1]), 0) << second[1];
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  EXPECT_EQ(take_log(), Strings());
  // What comes of an item that is new is known by its text.
  write(replaced(nodes, "[bad, x, y]", "[bad, x, z]"));
  EXPECT_EQ(run_file({"--resume"}).status, 0);
  const Strings third = take_log();
  ASSERT_EQ(third.size(), 2u);
  EXPECT_EQ(third[0], "build z");
  EXPECT_EQ(std::count(first.begin(), first.end(), third[1]), 1) << third[1];
}

TEST_F(Resume, WhatWasNotAskedForLeavesFilesAsTheyWere) {
  write(R"(
a: {source: list, items: [x, y]}
b: {from: a, shell: 'test ! -e bad_$N', env: {N: '${{ item }}'}}
why: {from: b.failed, sink: jsonl, path: failed})");
  folder.write("bad_x", "");
  folder.write("bad_y", "");
  EXPECT_EQ(run_file().status, 1);
  EXPECT_EQ(lines_of(folder.read("failed")).size(), 2u);
  std::filesystem::remove(folder.file("bad_x"));
  EXPECT_EQ(weir({.arguments = {"rerun", "latest", "x"}}).status, 0);
  EXPECT_EQ(lines_of(folder.read("failed")).size(), 2u) << "y has still failed";
}

TEST_F(Resume, ShowsNoSecrets) {
  folder.write("test.yaml",
               "weir: 1\nsecrets: [TOKEN]\nnodes:\n  a: {source: range, to: 1}\n"
               "  b: {from: a, run: [sh, -c, 'echo \"token $0.\"; exit 1', '${env.TOKEN}'], "
               "retry: {attempts: 2, backoff: 1ms}}\n");
  const Ended ended =
      weir({.arguments = {"run", "test.yaml"}, .environment = {{"TOKEN", "hush12"}}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(ended.err.find("hush12"), std::string::npos) << ended.err;
  EXPECT_EQ(folder.read(".weir/runs/latest/logs/b/1.out"),
            "token ***.\n--- attempt 2 ---\ntoken ***.\n");
  EXPECT_EQ(folder.read(".weir/runs/latest/run.db").find("hush12"), std::string::npos);
}

TEST_F(Resume, OfAPipelineThatOnlyComputesHasNoRows) {
  write("a: {source: range, to: 5}\nb: {from: a, sink: count}");
  EXPECT_EQ(run_file().status, 0);
  const journal::History history =
      journal::History::load(folder.path() / ".weir/runs/latest/run.db");
  EXPECT_TRUE(history.nodes().empty());
  EXPECT_TRUE(folder.has(".weir/runs/latest/summary.json"));
}

}  // namespace
}  // namespace weir::e2e
