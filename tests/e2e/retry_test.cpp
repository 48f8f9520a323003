#include <algorithm>

#include "support.hpp"

namespace weir::e2e {
namespace {

using Retry = EndToEnd;

/// Fails for so many times for each item; then it works.
std::string fails(int times, int status = 1, const std::string& says = "no") {
  return "shell: 'echo $N >>log; test $(grep -cx $N log) -gt " + std::to_string(times) +
         " || { echo " + says + " >&2; exit " + std::to_string(status) +
         "; }', env: {N: '${{ item }}'}";
}

TEST_F(Retry, TriesAgainUntilItWorks) {
  const Ended ended =
      run("a: {source: range, to: 3}\nb: {from: a, " + fails(2) +
              ", retry: {attempts: 3, backoff: 1ms..5ms}}\nc: {from: b, sink: print}",
          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(folder.read("log")).size(), 9u);
  EXPECT_EQ(lines_of(ended.out).size(), 3u);
  const Json b = summary().at("nodes").at("b");
  EXPECT_EQ(b.at("in"), 3);
  EXPECT_EQ(b.at("done"), 3);
}

TEST_F(Retry, TellsOfTheFirstTwoFailedAttempts) {
  const Ended ended = run("a: {source: range, to: 1}\nb: {from: a, " + fails(3, 7) +
                              ", retry: {attempts: 5, backoff: 1ms..5ms}}",
                          {.arguments = {"--output", "none"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  Strings told;
  for (const std::string& line : lines_of(ended.err)) {
    if (line.starts_with("[b")) told.push_back(line);
  }
  ASSERT_EQ(told.size(), 3u) << ended.err;
  EXPECT_TRUE(told[0].starts_with("[b] attempt 1 of 5 failed ")) << told[0];
  EXPECT_NE(told[0].find(" 1: "), std::string::npos) << told[0];
  EXPECT_NE(told[0].find("exited with status 7; the next in "), std::string::npos) << told[0];
  EXPECT_TRUE(told[1].starts_with("[b] attempt 2 of 5 failed ")) << told[1];
  EXPECT_TRUE(told[2].starts_with("[b 1/1] done ")) << told[2];
}

TEST_F(Retry, HasAnEventForEachFailedAttempt) {
  const Ended ended = run("a: {source: range, to: 1}\nb: {from: a, " + fails(9, 7, "sesame") +
                              ", retry: {attempts: 4, backoff: 1ms..5ms}}",
                          {.arguments = {"--progress", "json"}});
  EXPECT_EQ(ended.status, 1) << ended.err;
  std::vector<Json> attempts;
  for (const std::string& line : lines_of(ended.err)) {
    const Json event = Json::parse(line);
    if (event.at("event") == "attempt_failed") attempts.push_back(event);
  }
  ASSERT_EQ(attempts.size(), 3u) << ended.err;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const Json& attempt = attempts[i];
    EXPECT_EQ(attempt.at("node"), "b");
    EXPECT_EQ(attempt.at("item"), "1");
    EXPECT_EQ(attempt.at("attempt"), i + 1);
    EXPECT_EQ(attempt.at("attempts"), 4);
    EXPECT_GE(attempt.at("wait"), 0.0005);
    EXPECT_LE(attempt.at("wait"), 0.005);
    EXPECT_EQ(attempt.at("failure").at("status"), 7);
    EXPECT_EQ(attempt.at("failure").at("output"), "sesame");
    EXPECT_EQ(attempt.at("id").get<std::string>().size(), 32u);
  }
}

TEST_F(Retry, GivesUpAfterItsAttempts) {
  const Ended ended =
      run("a: {source: range, to: 1}\nb: {from: a, " + fails(9) +
          ", retry: {attempts: 3, backoff: 1ms}}\nc: {from: b.failed, sink: jsonl, path: failed}");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("after 3 attempts"), std::string::npos) << ended.err;
  const Json record = Json::parse(folder.read("failed"));
  EXPECT_EQ(record.at("attempts"), 3);
  EXPECT_EQ(record.at("status"), 1);
  EXPECT_EQ(record.at("item"), 1);
  EXPECT_EQ(record.at("node"), "b");
  EXPECT_EQ(record.at("pipeline"), "test");
  EXPECT_NE(record.at("log").get<std::string>().find("logs/b/1.err"), std::string::npos);
  EXPECT_EQ(record.at("time").get<std::string>().back(), 'Z');
}

TEST_F(Retry, IsForCertainStatusesAndTextsAlone) {
  const Ended ended =
      run("a: {source: list, items: [1, 2, 3]}\n"
          "b: {from: a, shell: 'echo $N >>log; test $N != 1 || exit 75; test $N != 2 || { echo too "
          "many; "
          "exit 1; }; exit 1', env: {N: '${{ item }}'}, "
          "retry: {attempts: 2, backoff: 1ms, when: {status: 75, match: 'too many'}}}");
  EXPECT_EQ(ended.status, 1);
  Strings log = lines_of(folder.read("log"));
  std::sort(log.begin(), log.end());
  EXPECT_EQ(log, (Strings{"1", "1", "2", "2", "3"}));
}

TEST_F(Retry, KnowsATimeoutByItsError) {
  run("a: {source: range, to: 1}\n"
      "b: {from: a, run: [sleep, '3600'], timeout: 1ms, "
      "retry: {attempts: 3, backoff: 1ms, when: {match: 'timed out'}}}\n"
      "c: {from: b.failed, sink: jsonl, path: failed}");
  EXPECT_EQ(Json::parse(folder.read("failed")).at("attempts"), 3);
}

TEST_F(Retry, DoesNotTakeTheCommandForItsError) {
  run("a: {source: range, to: 1}\n"
      "b: {from: a, run: [sh, -c, 'exit 1 # timed out'], "
      "retry: {attempts: 3, backoff: 1ms, when: {match: 'timed out'}}}\n"
      "c: {from: b.failed, sink: jsonl, path: failed}");
  EXPECT_EQ(Json::parse(folder.read("failed")).at("attempts"), 1);
}

TEST_F(Retry, DoesNotHoldThePermitMeanwhile) {
  // The first would wait for an hour: the second gets in, and ends the run.
  Signpost done(folder, "done");
  const auto process = begin(
      "a: {source: list, items: [1, 2]}\n"
      "b: {from: a, limit: 1, shell: 'test $N = 2 && echo >done || exit 1', env: {N: '${{ item "
      "}}'}, retry: {attempts: 2, backoff: 1h}}");
  done.read_line();
  process->send(SIGINT);
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 130) << ended.err;
  EXPECT_NE(ended.err.find("1 cancelled"), std::string::npos) << ended.err;
}

TEST_F(Retry, KeepsTheIdentityOfItsItem) {
  const Ended ended =
      run("a: {source: list, items: [x, x]}\n"
          "b: {from: a, shell: 'echo $WEIR_ITEM_ID >>log; exit 1', retry: {attempts: 3, backoff: "
          "1ms}}");
  EXPECT_EQ(ended.status, 1);
  Strings log = lines_of(folder.read("log"));
  std::sort(log.begin(), log.end());
  ASSERT_EQ(log.size(), 6u);
  EXPECT_EQ(log[0], log[2]);
  EXPECT_EQ(log[3], log[5]);
  EXPECT_NE(log[0], log[5]) << "two equal items are two";
}

TEST_F(Retry, OfAThrottledItemWaitsForThePause) {
  const Ended ended = run(
      "a: {source: list, items: [1]}\n"
      "b: {from: a, limit: 2, shell: 'test -e tried && exit 0; touch tried; echo \"Retry-After: "
      "1\"; "
      "echo HTTP/1.1 429; exit 1', retry: {attempts: 2, backoff: 1ms}, throttle: {match: '429', "
      "pause: 1h}}",
      {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("[b] throttled: limit b pauses for 1s"), std::string::npos) << ended.err;
  EXPECT_GE(summary().at("seconds").get<double>(), 0.99);
}

using TimeLimit = EndToEnd;

TEST_F(TimeLimit, FailsWhatTakesLonger) {
  const Ended ended = run(
      "a: {source: range, to: 2}\n"
      "b: {from: a, shell: 'echo begun; test $N = 1 || exec sleep 1000', env: {N: '${{ item }}'}, "
      "timeout: 200ms, on_cancel: [sh, -c, 'echo \"$0 $WEIR_ITEM_ID\" >>cleaned', '${{ item }}']}\n"
      "c: {from: a, function: sleep, for: 1h, timeout: 10ms}",
      {.arguments = {"--summary-file", "summary.json", "--output", "none"}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("timed out after 200ms\n    | begun\n"), std::string::npos) << ended.err;
  EXPECT_EQ(folder.read("cleaned").substr(0, 2), "2 ");
  EXPECT_EQ(summary().at("nodes").at("b").at("done"), 1);
  EXPECT_EQ(summary().at("nodes").at("c").at("failed"), 2);
}

TEST_F(TimeLimit, TellsOfACleanupThatFails) {
  for (const auto& [cleanup, said] :
       {std::pair("exit 7", "[b] on_cancel: exited with status 7\n"),
        std::pair("echo broken >&2; exit 7", "[b] on_cancel: exited with status 7: broken\n")}) {
    const Ended ended =
        run("a: {source: range, to: 1}\n"
            "b: {from: a, run: [sleep, '1000'], timeout: 10ms, on_cancel: [sh, -c, '" +
            std::string(cleanup) + "']}\n");
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
  }
}

using OnFailure = EndToEnd;

TEST_F(OnFailure, StopsTheRun) {
  const Ended ended =
      run("a: {source: range, to: 100}\nb: {from: a, limit: 1, run: ['false'], on_failure: stop "
          "after 3}",
          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1);
  const Json b = summary().at("nodes").at("b");
  EXPECT_EQ(b.at("failed"), 3);
  EXPECT_EQ(b.at("cancelled"), b.at("in").get<int>() - 3);
  EXPECT_NE(ended.err.find("stopping: b: 3 items have failed (on_failure: stop after 3)"),
            std::string::npos)
      << ended.err;
}

/// What stopped the run is in the file that is made for it.
TEST_F(OnFailure, TakesDownWhatFailedUntilTheEnd) {
  const Ended ended =
      run("a: {source: range, to: 100}\n"
          "b: {from: a, limit: 8, run: ['false'], on_failure: stop}\n"
          "c: {from: b.failed, sink: jsonl, path: failed}",
          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1);
  const auto failed = summary().at("nodes").at("b").at("failed").get<std::ptrdiff_t>();
  EXPECT_GT(failed, 0);
  const std::string lines = folder.read("failed.part");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), failed) << lines;
}

TEST_F(Retry, IsNotWaitedForWhenWhatIsBehindHasEnough) {
  const Ended ended =
      run("a: {source: range, to: 9}\n"
          "b: {from: a, limit: 1, retry: {attempts: 3, backoff: 1h}, shell: 'test $N -gt 2', "
          "env: {N: '${{ item }}'}}\n"
          "c: {from: b, function: take, count: 2}\nd: {from: c, sink: lines, path: out}",
          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(folder.read("out")), (Strings{"3", "4"}));
  const Json b = summary().at("nodes").at("b");
  EXPECT_EQ(b.at("failed"), 0);
  EXPECT_GE(b.at("cancelled"), 2) << "the two that backed off";
  EXPECT_EQ(b.at("retried"), 0);
}

TEST_F(OnFailure, StopsAtAShareOnceEnoughHaveEnded) {
  const Ended ended = run(
      "a: {source: range, to: 100}\nb: {from: a, limit: 1, shell: 'test $N -gt 2', env: {N: '${{ "
      "item }}'}, on_failure: stop after 10%}",
      {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1);
  const Json b = summary().at("nodes").at("b");
  EXPECT_EQ(b.at("failed"), 2);
  EXPECT_EQ(b.at("done"), 8) << "of fewer than 10, one item is more than 10 %";
}

TEST_F(OnFailure, CountsWhatComputesToo) {
  const Ended ended =
      run("a: {source: list, items: [{x: 1}, {y: 2}, {y: 3}]}\n"
          "b: {from: a, function: format, text: '${{ item.x }}', on_failure: stop}");
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_NE(ended.err.find("(on_failure: stop)"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace weir::e2e
