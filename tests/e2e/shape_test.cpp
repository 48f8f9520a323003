#include <algorithm>
#include <chrono>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// How items go through a graph: order, limits, who gets what.
class Shape : public EndToEnd {
 protected:
  Strings sorted_lines(const std::string& name) const {
    Strings lines = lines_of(folder.read(name));
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

Strings numbers_in_order(int from, int to) {
  Strings lines;
  for (int i = from; i <= to; ++i) lines.push_back(std::to_string(i));
  return lines;
}

/// The most lines "start" without their "end", in a log that commands append to.
int most_at_once(const Strings& log) {
  int now = 0;
  int most = 0;
  for (const std::string& line : log) {
    now += line == "start" ? 1 : -1;
    most = std::max(most, now);
  }
  return most;
}

TEST_F(Shape, AQueueKeepsTheOrderOfAThousandItems) {
  const Ended ended = run(R"(
given: {source: range, to: 1000}
held: {from: given, queue: fifo}
written: {from: held, limit: 1, shell: 'echo "$N" >>log', env: {N: '${{ item }}'}})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(lines_of(folder.read("log")), numbers_in_order(1, 1000));
}

TEST_F(Shape, ALimitIsReachedAndNeverPassed) {
  // The first ones wait until three have begun: a limit below three would hang here. Each line is
  // one write to a file opened for appending, so the log has the order of what happened.
  folder.write("work.sh", R"(
echo start >>log
until test $(grep -c start log) -ge 3; do sleep 0.01; done
sleep 0.02
echo end >>log
)");
  const Ended ended = run(R"(
given: {source: range, to: 60}
write: {from: given, function: sleep, for: {random: [0s, 20ms]}}
held: {from: write, queue: fifo}
read: {from: held, limit: 3, run: [sh, work.sh]})",
                          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Strings log = lines_of(folder.read("log"));
  EXPECT_EQ(log.size(), 120U);
  EXPECT_EQ(most_at_once(log), 3);
  EXPECT_EQ(summary().at("nodes").at("read").at("peak_running"), 3);
}

TEST_F(Shape, ALimitNeedsNoQueueBeforeIt) {
  folder.write("work.sh", "echo start >>log\nsleep 0.01\necho end >>log\n");
  const Ended ended = run(R"(
given: {source: range, to: 30}
work: {from: given, limit: 2, run: [sh, work.sh]})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_LE(most_at_once(lines_of(folder.read("log"))), 2);
}

TEST_F(Shape, APermitComesBackFromItemsThatFail) {
  const Ended ended = run(R"(
given: {source: range, to: 40}
held: {from: given, queue: fifo}
work: {from: held, limit: 3, run: ['false']})",
                          {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_EQ(summary().at("nodes").at("work").at("failed"), 40);
}

TEST_F(Shape, WithoutALimitAllItemsAreUnderWayAtOnce) {
  folder.write("work.sh", R"(
echo start >>log
until test $(grep -c start log) -ge 40; do sleep 0.05; done
)");
  const Ended ended = run(R"(
given: {source: range, to: 40}
work: {from: given, run: [sh, work.sh]})");
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(Shape, AThousandSleepersHoldNoWorker) {
  const auto began = std::chrono::steady_clock::now();
  const Ended ended = run(R"(
given: {source: range, to: 1000}
wait: {from: given, function: sleep, for: 1s}
done: {from: wait, sink: count})",
                          {.arguments = {"--threads", "1"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1000\n");
  // One after another it would be a thousand seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(Shape, EveryReaderOfAPortGetsEveryItem) {
  run(R"(
given: {source: range, to: 1000}
first: {from: given, sink: lines, path: first.txt}
second: {from: given, sink: lines, path: second.txt}
held: {from: given, queue: fifo}
third: {from: held, sink: lines, path: third.txt}
fourth: {from: held, sink: lines, path: fourth.txt})");
  for (const char* name : {"first.txt", "second.txt", "third.txt", "fourth.txt"}) {
    EXPECT_EQ(lines_of(folder.read(name)), numbers_in_order(1, 1000)) << name;
  }
}

TEST_F(Shape, SeveralNodesMayBeReadTogether) {
  const Ended ended = run(R"(
low: {source: range, to: 500}
high: {source: range, start: 501, to: 1000}
all: {from: [low, high], sink: lines, path: all.txt})");
  EXPECT_EQ(ended.status, 0) << ended.err;
  Strings expected = numbers_in_order(1, 1000);
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_lines("all.txt"), expected);
}

TEST_F(Shape, OneReaderMayTakeItemsOfDifferentTypesAsText) {
  run(R"(
ints: {source: list, items: [1]}
texts: {source: list, items: [a]}
records: {source: list, items: [{b: 2}]}
all: {from: [ints, texts, records], function: format, text: '<${{ item }}>'}
kept: {from: all, sink: lines, path: all.txt})");
  EXPECT_EQ(sorted_lines("all.txt"), (Strings{"<1>", "<a>", "<{\"b\":2}>"}));
}

TEST_F(Shape, TheFailedPortsOfSeveralNodesMayBeReadTogether) {
  const Ended ended = run(R"(
given: {source: range, to: 6}
first: {from: given, shell: 'test "$N" != 2', env: {N: '${{ item }}'}}
second: {from: first, shell: 'test "$N" != 5', env: {N: '${{ item }}'}}
good: {from: second, sink: lines, path: good.txt}
bad: {from: [first.failed, second.failed], function: format, text: '${{ item.node }} ${{ item.item }}'}
kept: {from: bad, sink: lines, path: bad.txt})");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(sorted_lines("good.txt"), (Strings{"1", "3", "4", "6"}));
  EXPECT_EQ(sorted_lines("bad.txt"), (Strings{"first 2", "second 5"}));
}

TEST_F(Shape, APipelineMayBeSeveralGraphs) {
  const Ended ended = run(R"(
a: {source: range, to: 3}
b: {from: a, sink: count}
c: {source: range, to: 0}
d: {from: c, sink: discard})");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.out, "3\n");
}

/// A row of `length` nodes that compute, each of which adds a sign to its item.
std::string row(int length) {
  std::string nodes = "n0: {source: list, items: [x, y]}\n";
  for (int i = 1; i <= length; ++i) {
    nodes += "n" + std::to_string(i) + ": {from: n" + std::to_string(i - 1) +
             ", function: format, text: '${{ item }}+'}\n";
  }
  return nodes + "shown: {from: n" + std::to_string(length) + ", sink: print}\n";
}

TEST_F(Shape, ALongRowOfNodesWorks) {
  const Ended ended = run(row(60), {.arguments = {"--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const std::string signs(60, '+');
  Strings lines = lines_of(ended.out);
  std::sort(lines.begin(), lines.end());  // without a limit they overtake each other
  EXPECT_EQ(lines, (Strings{"x" + signs, "y" + signs}));
  EXPECT_EQ(summary().at("nodes").at("n60").at("done"), 2);
}

TEST_F(Shape, ALongRowOfNodesHasATaskForEverySixteen) {
  folder.write("test.yaml", pipeline(row(60)));
  const Ended ended = weir({.arguments = {"graph", "--tbb", "test.yaml"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  Strings first;  // of each row that is one task
  Strings of;     // whose task the others are in
  for (const std::string& line : lines_of(ended.out)) {
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    if (line.find("function_node(unlimited)") != std::string::npos) first.push_back(name);
    if (line.find("in the task of '") != std::string::npos) of.push_back(name);
  }
  EXPECT_EQ(first, (Strings{"n1", "n17", "n33", "n49"})) << ended.out;
  EXPECT_EQ(of.size(), 56U) << ended.out;
}

TEST_F(Shape, AMillionItemsPassOneWorker) {
  const Ended ended = run(R"(
given: {source: range, to: 1000000}
held: {from: given, queue: fifo}
named: {from: held, limit: 1, function: format, text: 'n${{ item }}'}
done: {from: named, sink: count})",
                          {.arguments = {"--threads", "1"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "1000000\n");
}

}  // namespace
}  // namespace weir::e2e
