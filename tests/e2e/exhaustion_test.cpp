#include <csignal>
#include <cstdlib>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Runs for which the system has too little of something.
class Exhaustion : public EndToEnd {
 protected:
  /// `script` runs weir as "$0" "$@".
  Ended run_by(const std::string& script, const std::string& nodes) {
    folder.write("test.yaml", pipeline(nodes));
    return Process("/bin/bash", {.arguments = {"-c", script, WEIR_BINARY, "run", "-q", "test.yaml"},
                                 .folder = folder.path()})
        .wait();
  }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

TEST_F(Exhaustion, OfDescriptorsFailsNoItem) {
  const char* const items = std::getenv("WEIR_ITEMS");
  const std::string to = items == nullptr ? "300" : items;
  const Ended ended =
      run_by("ulimit -n 64; exec \"$0\" \"$@\"", "a: {source: range, to: " + to +
                                                     "}\n"
                                                     "b: {from: a, run: [/bin/true]}\n"
                                                     "c: {from: b, sink: count}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, to + "\n");
}

TEST_F(Exhaustion, IsSaidOnce) {
  const Ended ended = run_by("ulimit -n 64; exec \"$0\" \"$@\"",
                             "a: {source: range, to: 30}\nb: {from: a, run: [sleep, '0.1']}");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(count(ended.err,
                  "weir: no more descriptors (`ulimit -n` is 64): fewer commands run at once\n"),
            1U)
      << ended.err;
}

TEST_F(Exhaustion, OfProcessesFailsNoItem) {
  if (run_by("strace -f -o /dev/null true", "a: {source: range, to: 1}").status != 0) {
    GTEST_SKIP() << "needs strace, and the right to use it";
  }
  for (const std::string error : {"EAGAIN", "ENOMEM"}) {
    // Counted for each thread. The first one of the main thread makes the guard. Leaks can't be
    // looked for in a process that is traced already.
    const Ended ended = run_by(
        "export LSAN_OPTIONS=detect_leaks=0; exec strace -f -o /dev/null -e trace=vfork,clone -e "
        "inject=vfork,clone:error=" +
            error + ":when=2+2 \"$0\" \"$@\"",
        "a: {source: range, to: 10}\nb: {from: a, run: [/bin/true]}");
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(count(ended.err, ": fewer commands run at once\n"), 1U) << ended.err;
  }
}

TEST_F(Exhaustion, WhatWaitsForRoomIsNotBegunAfterASignal) {
  Signpost started(folder, "started");
  folder.write("test.yaml",
               pipeline("a: {source: range, to: 300}\n"
                        "b: {from: a, shell: 'echo >>log; test $N != 1 || echo >started; until "
                        "test -e go; do sleep 0.01; done', env: {N: '${{ item }}'}, "
                        "on_cancel: [touch, cut-off]}"));
  Process process("/bin/bash", {.arguments = {"-c", "ulimit -n 40; exec \"$0\" \"$@\"", WEIR_BINARY,
                                              "run", "-q", "test.yaml", "--summary-file", "s"},
                                .folder = folder.path()});
  started.read_line();
  process.send(SIGINT);
  process.wait_for_error("stopping");
  folder.write("go", "");
  const Ended ended = process.wait();
  EXPECT_EQ(ended.status, 130) << ended.err;
  const Json b = Json::parse(folder.read("s")).at("nodes").at("b");
  const std::size_t begun = lines_of(folder.read("log")).size();
  EXPECT_LT(begun, 150U);
  // It says what runs, not what waits for room as well.
  const std::string said = "what runs (b: ";
  const std::size_t at = ended.err.find(said);
  ASSERT_NE(at, std::string::npos) << ended.err;
  const int running = std::stoi(ended.err.substr(at + said.size()));
  EXPECT_GE(running, 1);
  EXPECT_LE(running, static_cast<int>(begun) + 4);  // some may be about to ask for their command
  EXPECT_EQ(b.at("done"), begun);
  EXPECT_EQ(b.at("cancelled"), b.at("in").get<std::size_t>() - begun);
  EXPECT_FALSE(folder.has("cut-off"));  // what has not begun needs no cleaning up
}

TEST_F(Exhaustion, IsWaitedForAndNotWorkedOn) {
  folder.write("test.yaml",
               pipeline("a: {source: range, to: 100}\n"
                        "b: {from: a, shell: 'until test -e go; do sleep 0.01; done'}"));
  Process process("/bin/bash", {.arguments = {"-c", "ulimit -n 40; exec \"$0\" \"$@\"", WEIR_BINARY,
                                              "run", "test.yaml", "--summary-file", "s"},
                                .folder = folder.path()});
  process.wait_for_error("fewer commands run at once");
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const auto status = [&] { return Json::parse(weir({.arguments = {"status", "--json"}}).out); };
  Json b;
  do {  // until all have come
    b = status().at("nodes").at(1);
  } while (b.at("held_back").get<int>() + b.at("running").get<int>() != 100 &&
           std::chrono::steady_clock::now() < end);
  EXPECT_GE(b.at("running"), 1);
  EXPECT_LT(b.at("running"), 20);
  EXPECT_EQ(b.at("waiting"), b.at("held_back"));
  EXPECT_EQ(b.at("held_back"), 100 - b.at("running").get<int>());
  EXPECT_EQ(status().at("lacks"), "no more descriptors (`ulimit -n` is 40)");
  EXPECT_NE(weir({.arguments = {"why"}})
                .out.find("there is no room for more commands: no more "
                          "descriptors (`ulimit -n` is 40)"),
            std::string::npos);
  folder.write("go", "");
  const Ended ended = process.wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_LT(Json::parse(folder.read("s")).at("nodes").at("b").at("peak_running"), 20);
}

/// Runs the rest of a script's words as a user who has no other process, and may have so many.
std::string as_user_with(int processes) {
  return "u=$((100000 + $$)); chown $u . && exec setpriv --reuid=$u --regid=$u --clear-groups "
         "/bin/bash -c 'ulimit -u " +
         std::to_string(processes) + "; exec \"$0\" \"$@\"' ";
}

TEST_F(Exhaustion, OfThreadsComesBeforeTheRunOrNotAtAll) {
  const std::string nodes =
      "a: {source: range, to: 60}\nb: {from: a, run: [sleep, '0.01']}\n"
      "c: {from: b, function: spin, for: 5ms}\nd: {from: c, sink: count}";
  if (run_by(as_user_with(1000) + "test -w . -a -x \"$0\"", nodes).status != 0) {
    GTEST_SKIP() << "needs root, setpriv, and a binary that other users can run";
  }
  const Ended refused = run_by(as_user_with(12) + "\"$0\" \"$@\" --threads 8", nodes);
  EXPECT_EQ(refused.status, 3) << refused.err;
  EXPECT_NE(refused.err.find("15 threads can't be started (ulimit -u"), std::string::npos)
      << refused.err;
  // All workers are there before the commands take what is left.
  const Ended ended = run_by(as_user_with(20) + "\"$0\" \"$@\" --threads 8", nodes);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "60\n");
}

TEST_F(Exhaustion, OfAFilesSizeIsAnErrorOfItsSink) {
  const Ended ended =
      run_by("ulimit -f 1; exec \"$0\" \"$@\"",
             "a: {source: range, to: 1000000}\nb: {from: a, sink: lines, path: out}");
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("File too large"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
