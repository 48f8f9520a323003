#include "run_folder.hpp"
#include "support.hpp"

namespace weir::e2e {
namespace {

using journal::State;
using journal::Stream;

class Logs : public EndToEnd {
 protected:
  Ended logs(Strings arguments) {
    arguments.insert(arguments.begin(), "logs");
    return weir({.arguments = std::move(arguments)});
  }
  /// A run with what a push of two items wrote, and a build of one.
  std::unique_ptr<HandMadeRun> some_run() {
    auto run = std::make_unique<HandMadeRun>(folder, "images", "01:00:00");
    run->start("push", 1, "nginx");
    run->log("push", 1, Stream::out, "pushing nginx\n");
    run->end("push", 1, State::done);
    run->start("push", 2, "redis\x1b[31m");
    run->log("push", 2, Stream::out, "pushing redis");
    run->log("push", 2, Stream::err, "\x1b[31mno room\x1b[0m\n");
    run->end("push", 2, State::failed);
    run->start("build", 1, "nginx");
    run->log("build", 1, Stream::out, "building nginx\n");
    return run;
  }
};

TEST_F(Logs, OfARunHaveTitles) {
  some_run()->die();
  const Ended ended = logs({"latest"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out, R"(==> build/1.out: nginx <==
building nginx

==> push/1.out: nginx <==
pushing nginx

==> push/2.out: redis\x1b[31m (failed) <==
pushing redis

==> push/2.err: redis\x1b[31m (failed) <==
)"
                       "\x1b[31mno room\x1b[0m\n");
}

TEST_F(Logs, OfANode) {
  some_run()->die();
  EXPECT_EQ(logs({"20261125", "build"}).out, "==> build/1.out: nginx <==\nbuilding nginx\n");
}

TEST_F(Logs, OfAnItemAreAsItsCommandWroteThem) {
  some_run()->die();
  const Ended ended = logs({"latest", "push", "2"});
  EXPECT_EQ(ended.out, "pushing redis");
  EXPECT_EQ(ended.err, "\x1b[31mno room\x1b[0m\n");
  EXPECT_EQ(logs({"latest", "push", "nginx"}).out, "pushing nginx\n");
}

TEST_F(Logs, CanNotUpsetATerminal) {
  some_run()->die();
  const Ended ended =
      Process("/usr/bin/script",
              {.arguments = {"-qec", WEIR_BINARY " logs latest push 2", "/dev/null"},
               .folder = folder.path()})
          .wait();
  EXPECT_EQ(ended.out, "pushing redis\\x1b[31mno room\\x1b[0m\r\n");
}

TEST_F(Logs, OfNothingSaySo) {
  HandMadeRun(folder, "images", "01:00:00").die();
  const Ended ended = logs({"latest"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "nothing was written\n");
}

TEST_F(Logs, SayWhatIsNotThere) {
  some_run()->die();
  const std::pair<Strings, std::string> wrong[] = {
      {{"lastet"}, "there is no run 'lastet'; in '.weir/runs' there is 20261125-010000-images"},
      {{"latest", "psuh"}, "there is no node 'psuh' in this run; did you mean 'push'?"},
      {{"latest", "push", "3"},
       "there is no item '3' at 'push'; name one by its number (1 to 2), its text, or the first 4 "
       "digits or more of its key"},
      {{"./nowhere"}, "'./nowhere' is not the directory of a run: it has no run.json"}};
  for (const auto& [arguments, message] : wrong) {
    const Ended ended = logs(arguments);
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "weir: error: " + message + "\n");
  }
}

TEST_F(Logs, FollowARunUntilItEnds) {
  const auto run = some_run();
  Process logs(WEIR_BINARY, {.arguments = {"logs", "latest", "-f"}, .folder = folder.path()});
  logs.wait_for_output("no room");
  run->log("build", 1, Stream::out, "half a li");
  logs.wait_for_output("\n==> build/1.out: nginx <==\nhalf a li");
  run->log("build", 1, Stream::out, "ne\n");
  logs.wait_for_output("half a line\n");
  run->start("build", 2, "redis");
  run->log("build", 2, Stream::err, "the last\n");
  run->die();
  const Ended ended = logs.wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(ended.out.ends_with("half a line\n\n==> build/2.err: redis <==\nthe last\n"))
      << ended.out;
}

TEST_F(Logs, OfAnItemThatHasNotBegunAreWaitedFor) {
  const auto run = some_run();
  Process logs(WEIR_BINARY,
               {.arguments = {"logs", "latest", "push", "curl", "-f"}, .folder = folder.path()});
  logs.wait_for_error("'curl' has not begun at 'push': waiting for it\n");
  run->start("push", 3, "curl");
  run->log("push", 3, Stream::out, "pushing curl\n");
  logs.wait_for_output("pushing curl\n");
  run->die();
  const Ended ended = logs.wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "pushing curl\n");
}

TEST_F(Logs, OfAnItemThatDoesNotBeginAreWaitedForUntilTheRunEnds) {
  const auto run = some_run();
  Process logs(WEIR_BINARY,
               {.arguments = {"logs", "latest", "push", "3", "-f"}, .folder = folder.path()});
  logs.wait_for_error("waiting for it\n");
  run->die();
  const Ended ended = logs.wait();
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_TRUE(ended.err.ends_with(
      "weir: error: there is no item '3' at 'push'; name one by its number (1 to 2), its text, or "
      "the first 4 digits or more of its key; the run is over\n"))
      << ended.err;
  EXPECT_EQ(this->logs({"latest", "push", "3", "-f"}).status, 2) << "of a run that is over";
}

TEST_F(Logs, LeaveQuietlyAtAnInterrupt) {
  const auto run = some_run();
  Process logs(WEIR_BINARY, {.arguments = {"logs", "latest", "-f"}, .folder = folder.path()});
  logs.wait_for_output("no room");
  logs.send(SIGINT);
  const Ended ended = logs.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(ended.err, "");
}

TEST_F(Logs, LeaveQuietlyWhenNobodyReads) {
  const auto run = some_run();
  for (const char* follow : {"", "-f"}) {
    const Ended ended =
        Process("/bin/sh",
                {.arguments = {"-c", "\"$0\" logs latest $1 | true", WEIR_BINARY, follow},
                 .folder = folder.path()})
            .wait();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.err, "");
  }
}

}  // namespace
}  // namespace weir::e2e
