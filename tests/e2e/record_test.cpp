#include <algorithm>
#include <csignal>
#include <filesystem>

#include "journal/database.hpp"
#include "support.hpp"

namespace weir::e2e {
namespace {

const char* const kPipeline = R"(
a: {source: list, items: [p, q, r, s, t, u]}
build: {from: a, run: [sleep, '0.02'], limit: 3}
push: {from: build, run: [sleep, '0.05'], limit: 2}
)";

class Record : public EndToEnd {
 protected:
  Ended run_file(const Strings& more) {
    folder.write("test.yaml", pipeline(kPipeline));
    Strings arguments = {"run", "-q", "test.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return weir({.arguments = arguments});
  }
  Ended ask(const Strings& arguments) { return weir({.arguments = arguments}); }
};

TEST_F(Record, OfEveryRunGivesASoundTraceAndAReport) {
  ASSERT_EQ(run_file({}).status, 0);
  const Ended checked = ask({"trace", "--check"});
  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_NE(checked.out.find("12 items"), std::string::npos) << checked.out;
  ASSERT_EQ(ask({"trace", "-o", "t.json.gz"}).status, 0);
  EXPECT_EQ(ask({"trace", "--check", "t.json.gz"}).status, 0);
  const Json trace = Json::parse(ask({"trace"}).out);
  EXPECT_TRUE(trace.at("traceEvents").is_array());
  const Json report = Json::parse(ask({"report", "--json"}).out);
  EXPECT_EQ(report["run"]["state"], "done");
  EXPECT_EQ(report["nodes"].size(), 3U);
  EXPECT_GT(report["where"]["nodes"]["push"]["limit push"].get<double>(), 0.05);
}

TEST_F(Record, GoesToAFileWithoutARunDirectory) {
  ASSERT_EQ(run_file({"--no-run-dir", "--trace", "t.json"}).status, 0);
  EXPECT_FALSE(folder.has(".weir"));
  EXPECT_FALSE(folder.has("t.json.db"));
  EXPECT_EQ(ask({"trace", "--check", "t.json"}).status, 0);
  ASSERT_EQ(run_file({"--no-run-dir", "--trace", "t.db"}).status, 0);
  EXPECT_EQ(ask({"trace", "--check", "t.db"}).status, 0);
  EXPECT_EQ(Json::parse(ask({"report", "t.db", "--json"}).out)["run"]["state"], "done");
}

TEST_F(Record, IsCopiedOutOfARunDirectory) {
  ASSERT_EQ(run_file({"--trace", "t.db"}).status, 0);
  EXPECT_TRUE(folder.has(".weir"));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder.file("t.db")).permissions(),
            perms::owner_read | perms::owner_write);
  EXPECT_EQ(ask({"trace", "--check", "t.db"}).status, 0);
}

TEST_F(Record, IsWrittenThroughLinksAndIntoPipes) {
  ASSERT_EQ(run_file({}).status, 0);
  folder.write("elsewhere/t.json", "older");
  std::filesystem::create_symlink("elsewhere/t.json", folder.file("link.json"));
  ASSERT_EQ(ask({"trace", "-o", "link.json"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link.json")));
  EXPECT_EQ(ask({"trace", "--check", "elsewhere/t.json"}).status, 0);
  EXPECT_FALSE(folder.has("elsewhere/t.json.part"));

  const Signpost pipe(folder, "pipe.json");  // somebody has it open, and a short trace fits in
  ASSERT_EQ(ask({"trace", "-o", "pipe.json"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_fifo(folder.file("pipe.json")));
  ASSERT_EQ(ask({"trace", "-o", "/dev/null"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(Record, IsReplacedByTheNextOne) {
  folder.write("real.db", "");
  std::filesystem::create_symlink("real.db", folder.file("t.db"));
  for (const Strings& more : {Strings{"--no-run-dir"}, {}, {"--no-run-dir"}}) {
    Strings arguments = more;
    arguments.insert(arguments.end(), {"--trace", "t.db"});
    const Ended ended = run_file(arguments);
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(ask({"trace", "--check", "t.db"}).status, 0);
    EXPECT_TRUE(std::filesystem::is_symlink(folder.file("t.db")));
  }
}

TEST_F(Record, OfOneThatWasKilledIsReplacedAsAWhole) {
  Signpost begun(folder, "begun");
  folder.write("test.yaml", pipeline(R"(
a: {source: list, items: [p, q]}
build: {from: a, shell: 'test "$N" = p || { echo here >begun; exec sleep 100; }', limit: 1, env: {N: '${{ item }}'}})"));
  Process process(WEIR_BINARY,
                  Start{.arguments = {"run", "test.yaml", "--no-run-dir", "--trace", "t.db"},
                        .folder = folder.path()});
  begun.read_line();
  process.send(SIGKILL);
  process.wait();
  ASSERT_EQ(run_file({"--no-run-dir", "--trace", "t.db"}).status, 0);
  EXPECT_EQ(Json::parse(ask({"report", "t.db", "--json"}).out)["nodes"].size(), 3U);
  EXPECT_NE(ask({"trace", "--check", "t.db"}).out.find("12 items"), std::string::npos);
}

TEST_F(Record, ReplacesNothingElse) {
  {
    journal::Database others(folder.file("base.db"), journal::Database::Mode::write);
    others.execute("PRAGMA journal_mode = WAL; CREATE TABLE items(name TEXT)");
  }
  const std::string base = folder.read("base.db");
  for (const std::string& text : {std::string("mine"), base}) {
    for (const Strings& how : {Strings{"--no-run-dir", "--trace", "t.db"},
                               {"--trace", "t.db"},
                               {"--no-run-dir", "--trace", "t.json"}}) {
      const std::string file = how.back() == "t.json" ? "t.json.db" : "t.db";
      folder.write(file, text);
      const Ended ended = run_file(how);
      EXPECT_EQ(ended.status, 3);
      EXPECT_NE(ended.err.find("'" + file + "' exists and is no record of a run"),
                std::string::npos)
          << ended.err;
      EXPECT_EQ(folder.read(file), text);
      EXPECT_FALSE(folder.has(".weir"));
    }
  }
}

TEST_F(Record, ReplacesATraceButNothingElseOfItsName) {
  for (const std::string name : {"t.json", "t.json.gz"}) {
    for (const Strings& how : {Strings{"--no-run-dir", "--trace", name}, {"--trace", name}}) {
      folder.write(name, R"({"mine": 1})");
      std::filesystem::remove(folder.file("link.json"));
      std::filesystem::create_symlink(name, folder.file("link.json"));
      for (const std::string& file : {name, std::string("link.json")}) {
        Strings named = how;
        named.back() = file;
        const Ended ended = run_file(named);
        EXPECT_EQ(ended.status, 3);
        EXPECT_NE(ended.err.find("'" + file + "' exists and is no trace of a run"),
                  std::string::npos)
            << ended.err;
        EXPECT_EQ(folder.read(name), R"({"mine": 1})");
        EXPECT_FALSE(folder.has(".weir"));
      }
      folder.write(name, "");
      for (int i = 0; i < 2; ++i) {
        const Ended ended = run_file(how);
        EXPECT_EQ(ended.status, 0) << ended.err;
        EXPECT_EQ(ask({"trace", "--check", name}).status, 0);
      }
      std::filesystem::remove_all(folder.file(".weir"));
    }
  }
}

TEST_F(Record, OfARunThatWasKilledIsThere) {
  Signpost begun(folder, "begun");
  folder.write("test.yaml", pipeline(R"(
a: {source: list, items: [p]}
build: {from: a, shell: 'true'}
push: {from: build, shell: 'echo here >begun; exec sleep 100'})"));
  Process process(WEIR_BINARY, Start{.arguments = {"run", "test.yaml"}, .folder = folder.path()});
  begun.read_line();
  EXPECT_EQ(ask({"trace", "--check"}).status, 0);  // also while it goes on
  EXPECT_EQ(Json::parse(ask({"report", "--json"}).out)["run"]["state"], "running");
  process.send(SIGKILL);
  process.wait();
  const Json report = Json::parse(ask({"report", "--json"}).out);
  EXPECT_EQ(report["run"]["state"], "crashed");
  EXPECT_EQ(ask({"trace", "--check"}).status, 0);
}

TEST_F(Record, OfARunThatWasKilledInAPauseSaysSo) {
  folder.write("test.yaml", R"(weir: 1
limits: {reg: 2}
nodes:
  a: {source: range, to: 8}
  push: {from: a, limit: reg, throttle: {match: slow, pause: 1h}, retry: {attempts: 2, backoff: 1ms},
         shell: 'echo slow >&2; exit 1'}
)");
  Process process(WEIR_BINARY, Start{.arguments = {"run", "test.yaml"}, .folder = folder.path()});
  process.wait_for_error("pauses for");
  Json push;
  do {  // until a sample has it
    push = Json::parse(ask({"report", "--json"}).out)["where"]["nodes"]["push"];
  } while (!push.contains("pause reg"));
  process.send(SIGKILL);
  process.wait();
  const Json report = Json::parse(ask({"report", "--json"}).out);
  EXPECT_NE(
      report["bottleneck"]["text"].get<std::string>().find("paused by a throttle of limit reg"),
      std::string::npos)
      << report["bottleneck"]["text"];
  EXPECT_TRUE(report["where"]["nodes"]["push"].contains("pause reg"));
  EXPECT_EQ(ask({"trace", "--check"}).status, 0);
  const Ended asked = ask({"report", "--what-if", "reg=4"});
  EXPECT_NE(asked.out.find("; the run was cut off then: the rest is about the "), std::string::npos)
      << asked.out;
  EXPECT_NE(asked.out.find(" had not begun, and are not in it"), std::string::npos) << asked.out;
}

TEST_F(Record, OfARunThatWasStoppedCountsWhatNeverBegan) {
  for (const bool has_directory : {true, false}) {
    Signpost built(folder, "built");
    Signpost go(folder, "go");
    folder.write("test.yaml", pipeline(R"(
a: {source: list, items: [p, q, r, s]}
build: {from: a, shell: 'echo here >built', limit: 1}
push: {from: build, shell: 'read line <go', limit: 1})"));
    Strings arguments = {"run", "test.yaml"};
    if (!has_directory) arguments.insert(arguments.end(), {"--no-run-dir", "--trace", "t.db"});
    Process process(WEIR_BINARY, Start{.arguments = arguments, .folder = folder.path()});
    // When the third begins, the second has been handed on.
    for (int i = 0; i < 3; ++i) built.read_line();
    process.send(SIGINT);
    process.wait_for_error("waiting for what runs");
    go.write_line("x");
    EXPECT_EQ(process.wait().status, 130);
    for (const char* const name : {"built", "go"}) std::filesystem::remove(folder.file(name));
    const Json push =
        Json::parse(ask({"report", has_directory ? "latest" : "t.db", "--json"}).out)["nodes"][2];
    EXPECT_EQ(push["done"], 1);
    EXPECT_GT(push["cancelled"], 0);
    EXPECT_EQ(push["in"], 1 + push["cancelled"].get<int>());
    for (const char* const none : {"running", "waiting", "queued", "backing_off"}) {
      EXPECT_EQ(push[none], 0) << none;
    }
  }
}

TEST_F(Record, KnowsOfALimitThatWasChanged) {
  Signpost begun(folder, "begun");
  Signpost go(folder, "go");
  folder.write("test.yaml", pipeline(R"(
a: {source: list, items: [p, q, r]}
push: {from: a, shell: 'echo here >begun; read line <go', limit: 1})"));
  Process process(WEIR_BINARY, Start{.arguments = {"run", "test.yaml"}, .folder = folder.path()});
  begun.read_line();
  ASSERT_EQ(ask({"limit", "latest", "push=2"}).status, 0);
  begun.read_line();
  for (int i = 0; i < 3; ++i) go.write_line("x");
  EXPECT_EQ(process.wait().status, 0);
  const Json report = Json::parse(ask({"report", "--json"}).out);
  EXPECT_EQ(report["nodes"][1]["peak_running"], 2);
  const auto why = report["bottleneck"]["text"].get<std::string>();
  EXPECT_NE(why.find("; limit push was set to 2 slots meanwhile"), std::string::npos) << why;
}

TEST_F(Record, SaysWhatOtherSlotsWouldHaveMade) {
  ASSERT_EQ(run_file({}).status, 0);
  const Ended ended = ask({"report", "--what-if", "push=6"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("with push=6: "), std::string::npos) << ended.out;
  const Ended wrong = ask({"report", "--what-if", "pusch=6"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("did you mean 'push'?"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace weir::e2e
