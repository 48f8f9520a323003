#include <optional>

#include "io/local_server.hpp"
#include "run_folder.hpp"
#include "support.hpp"
#include "view/requests.hpp"

namespace weir::e2e {
namespace {

/// A run of two nodes that only answers.
class FakeRun final : public view::RunControl {
 public:
  explicit FakeRun(const std::string& id) {
    status_.id = id;
    status_.pipeline = "images";
    status_.seconds = 65;
    status_.threads = 2;
    runtime::NodeStatus images;
    images.name = "images";
    images.kind = "source";
    images.in = images.done = 10;
    runtime::NodeStatus push;
    push.name = "push";
    push.kind = "function";
    push.type = "run";
    push.work = "waits";
    push.reads = {"images"};
    push.limits = {"registry"};
    push.in = 10;
    push.done = 2;
    push.running = 3;
    push.waiting = 5;
    push.items = {{"nginx\x1b[31m", "", 3, 31, 1, ""}};
    status_.nodes = {images, push};
    runtime::LimitStatus registry;
    registry.name = "registry";
    registry.slots = 3;
    registry.states.resize(1);
    registry.states[0].taken = registry.states[0].running = 3;
    registry.states[0].waiting = 5;
    registry.states[0].waiters = {{"push", 5}};
    status_.limits = {registry};
  }

  runtime::Status status() override { return status_; }
  std::string set_slots(const std::string&, std::int64_t slots) override {
    status_.limits[0].slots = slots;
    return {};
  }

 private:
  runtime::Status status_;
};

class LiveRun : public EndToEnd {
 protected:
  /// It answers from now on.
  void serve() {
    run_.emplace(folder, "images", "01:00:00");
    fake_.emplace(run_->id());
    server_.emplace(socket(),
                    [this](std::string_view request) { return view::answer(request, *fake_); });
  }
  void end(const std::string& outcome, int exit_code) {
    server_.reset();
    run_->summarize(outcome, exit_code);
    run_->die();
  }
  std::filesystem::path socket() const {
    return folder.path() / journal::default_root() / run_->id() / "run.sock";
  }

  const std::string id_ = "20261125-010000-images";
  std::optional<HandMadeRun> run_;
  std::optional<FakeRun> fake_;
  std::optional<io::LocalServer> server_;
};

TEST_F(LiveRun, ShowsItsStatus) {
  serve();
  const Ended ended = weir({.arguments = {"status"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out, R"(20261125-010000-images: running for 1m05s
node    running  waiting  backing off   done  failed
images        -        -            -  10/10       -
push          3        5            0   2/10       0
in work, the oldest first:
  push  31.0s  #3  nginx\x1b[31m
                   and 2 more
limits:
  registry  3 of 3 slots
      waiting: 5 of push
)");
  EXPECT_EQ(weir({.arguments = {"status", "20261125"}}).out, ended.out);
  EXPECT_EQ(weir({.arguments = {"status", "./latest"}, .folder = folder.file(".weir/runs")}).out,
            ended.out);
}

TEST_F(LiveRun, GivesItsStatusToPrograms) {
  serve();
  const Json status = Json::parse(weir({.arguments = {"status", "latest", "--json"}}).out);
  EXPECT_EQ(status["state"], "running");
  EXPECT_EQ(status["nodes"][1]["items"][0]["text"], "nginx\x1b[31m");
}

TEST_F(LiveRun, SaysWhatHoldsItBack) {
  serve();
  const Ended ended = weir({.arguments = {"why"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "push: 3 of 3 running, 5 waiting, bound by limit registry (3 slots)\n");
}

TEST_F(LiveRun, TakesChangesOfItsLimits) {
  serve();
  EXPECT_EQ(weir({.arguments = {"limit", "latest", "registry=5"}}).out,
            "registry: 5 slots, before 3\n");
  EXPECT_EQ(weir({.arguments = {"limit", "registry=0"}}).out,
            "registry: 0 slots, before 5; nothing more starts there until it has some\n");
  const Ended ended = weir({.arguments = {"limit"}});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "limits:\n  registry  3 of 0 slots  paused\n      waiting: 5 of push\n");
}

TEST_F(LiveRun, RefusesLimitsThatItDoesNotHave) {
  serve();
  const Ended ended = weir({.arguments = {"limit", "registry=5", "regitsry=4"}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err,
            "weir: error: there is no limit 'regitsry'; did you mean 'registry'?; the limits with "
            "slots are registry (3)\n");
  EXPECT_EQ(fake_->status().limits[0].slots, 3);
}

TEST_F(LiveRun, IsNotAskedWhatMakesNoSense) {
  const std::pair<Strings, std::string> wrong[] = {
      {{"limit", "latest", "registry=many"}, "'registry=many': the slots of a limit are"},
      {{"limit", "latest", "registry=-1"}, "'registry=-1': the slots of a limit are"},
      {{"limit", "latest", "registry="}, "'registry=': the slots of a limit are"},
      {{"limit", "latest", "registry"}, "'registry' is no NAME=N"},
      {{"limit", "latest", "=5"}, "'=5' is no NAME=N"},
      {{"limit", "a=1", "a=2"}, "limit 'a' is set twice"},
      {{"status", "latest", "latest"}, "there is one argument too many"},
      {{"why", "--jsn"}, "there is no option '--jsn'"}};
  for (const auto& [arguments, message] : wrong) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.err.substr(0, message.size()), message);
  }
}

TEST_F(LiveRun, ThatIsOverSaysHowItEnded) {
  serve();
  end("failed", 1);
  const std::string over = id_ + " is over: failed, 2.5s after its start";
  for (const std::string command : {"status", "why"}) {
    const Ended ended = weir({.arguments = {command}});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, over + "\n");
    EXPECT_EQ(ended.err, "");
  }
  const Json status = Json::parse(weir({.arguments = {"status", "--json"}}).out);
  EXPECT_EQ(status["state"], "failed");
  EXPECT_EQ(status["exit_code"], 1);
  for (const Strings& arguments : {Strings{"limit"}, Strings{"limit", "registry=5"}}) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "weir: error: run " + over + "; its limits can't be seen or changed\n");
  }
}

TEST_F(LiveRun, ThatHasCrashedSaysSo) {
  run_.emplace(folder, "images", "01:00:00");
  run_->die();
  EXPECT_EQ(weir({.arguments = {"status"}}).out,
            id_ + " is over: crashed, 0.0ms after its start\n");
}

TEST_F(LiveRun, ThatDoesNotAnswerIsAnError) {
  run_.emplace(folder, "images", "01:00:00");
  for (const Strings& arguments : {Strings{"status"}, Strings{"why"}, Strings{"limit", "a=1"}}) {
    const Ended ended = weir({.arguments = arguments});
    EXPECT_EQ(ended.status, 3);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "weir: error: run " + id_ +
                             " is alive, but nobody listens on '.weir/runs/" + id_ +
                             "/run.sock'; it may have just begun, or be about to end: try again\n");
  }
}

TEST_F(LiveRun, ThatAnswersNonsenseIsAnError) {
  run_.emplace(folder, "images", "01:00:00");
  server_.emplace(socket(), [](std::string_view) { return std::string("\x1b[31mno"); });
  const Ended ended = weir({.arguments = {"status"}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_TRUE(ended.err.starts_with("weir: error: the run's answer makes no sense;")) << ended.err;
  EXPECT_EQ(ended.err.find('\x1b'), std::string::npos);
}

TEST_F(LiveRun, ThatThereIsNotIsAnError) {
  for (const std::string command : {"status", "why", "limit"}) {
    const Ended ended = weir({.arguments = {command, "nowhere"}});
    EXPECT_EQ(ended.status, 2);
    EXPECT_EQ(ended.err,
              "weir: error: there is no run 'nowhere'; there are no runs in '.weir/runs'\n");
  }
}

}  // namespace
}  // namespace weir::e2e
