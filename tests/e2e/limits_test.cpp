#include <algorithm>
#include <map>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// What commands say of themselves: each appends "S NAME WEIGHT" when it begins and "E NAME WEIGHT"
/// when it ends.
class Limits : public EndToEnd {
 protected:
  Ended run_file(const std::string& text) {
    folder.write("limits.yaml", "weir: 1\n" + text);
    return weir({.arguments = {"run", "limits.yaml", "--summary-file", "summary.json"}});
  }
  /// The most that ran at once, of those whose names begin so; weights added up.
  int peak(const std::string& prefix) const {
    int now = 0;
    int most = 0;
    for (const std::string& line : lines_of(folder.read("log"))) {
      if (line.compare(2, prefix.size(), prefix) != 0) continue;
      const int weight = std::stoi(line.substr(line.rfind(' ')));
      now += line[0] == 'S' ? weight : -weight;
      most = std::max(most, now);
    }
    EXPECT_EQ(now, 0);
    return most;
  }
  /// The names in the order in which they began.
  Strings began() const {
    Strings names;
    for (const std::string& line : lines_of(folder.read("log"))) {
      if (line[0] == 'S') names.push_back(line.substr(2, line.rfind(' ') - 2));
    }
    return names;
  }
};

/// A command that stays for a while, long enough for others to run beside it if they may.
std::string logged(const std::string& name, const std::string& weight = "1") {
  return "shell: 'echo \"S $NAME $WEIGHT\" >>log; sleep 0.02; echo \"E $NAME $WEIGHT\" >>log', "
         "env: {NAME: \"" +
         name + "\", WEIGHT: \"" + weight + "\"}";
}

TEST_F(Limits, AreSharedByTheFunctionsThatNameThem) {
  const Ended ended = run_file(
      "limits: {both: 3}\nnodes:\n  a: {source: range, to: 20}\n  b: {from: a, limit: both, " +
      logged("b${{ item }}") + "}\n  c: {from: a, limit: both, " + logged("c${{ item }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(began().size(), 40u);
  EXPECT_LE(peak(""), 3);
}

TEST_F(Limits, SeveralAreTakenTogether) {
  const Ended ended = run_file(
      "limits: {x: 2, y: 3}\nnodes:\n  a: {source: range, to: 12}\n  b: {from: a, limit: [x, y], " +
      logged("xy${{ item }}") + "}\n  c: {from: a, limit: [y, x], " + logged("xyz${{ item }}") +
      "}\n  d: {from: a, limit: y, " + logged("y${{ item }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(began().size(), 36u);
  EXPECT_LE(peak("x"), 2);
  EXPECT_LE(peak(""), 3);
}

TEST_F(Limits, PerKeyHaveOneForEach) {
  const Ended ended = run_file(
      "limits: {host: {slots: 1, per: \"${{ item.host }}\"}}\nnodes:\n"
      "  a: {source: list, items: [{host: h1, n: 1}, {host: h1, n: 2}, {host: h2, n: 3}, "
      "{host: h2, n: 4}, {host: h1, n: 5}]}\n"
      "  b: {from: a, limit: host, " +
      logged("${{ item.host }}-${{ item.n }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(peak("h1"), 1);
  EXPECT_EQ(peak("h2"), 1);
  EXPECT_EQ(peak(""), 2);
}

TEST_F(Limits, AHeavyItemIsNotOvertaken) {
  const Ended ended = run_file(
      "limits: {cores: 4}\nnodes:\n"
      "  a: {source: list, items: [1, 1, 1, 4, 1, 1, 1, 1]}\n"
      "  b: {from: a, limit: cores, weight: \"${{ item }}\", " +
      logged("w${{ item }}", "${{ item }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_LE(peak(""), 4);
  const Strings order = began();
  ASSERT_EQ(order.size(), 8u);
  EXPECT_EQ(order[3], "w4");
}

TEST_F(Limits, OfMemoryHoldWhatDoesNotFit) {
  const Ended ended = run_file(
      "limits: {ram: {memory: 1GiB}}\nnodes:\n  a: {source: range, to: 9}\n"
      "  b: {from: a, limit: ram, memory: 400MiB, " +
      logged("${{ item }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_LE(peak(""), 2);
}

TEST_F(Limits, AnItemThatCanNeverRunFails) {
  const Ended ended = run_file(
      "limits: {cores: 2}\nnodes:\n  a: {source: list, items: [1, 3, two, 2]}\n"
      "  b: {from: a, limit: cores, weight: \"${{ item }}\", run: ['true']}\n");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("3: its weight is 3, and the limit cores has 2 slots: it can never run"),
            std::string::npos)
      << ended.err;
  EXPECT_NE(ended.err.find("two: weight: 'two' is not a whole number of slots"), std::string::npos)
      << ended.err;
  EXPECT_EQ(summary().at("nodes").at("b").at("done"), 2);
}

TEST_F(Limits, OfARateSpaceStarts) {
  const Ended ended = run_file(
      "limits: {slow: {rate: 50/s}}\nnodes:\n  a: {source: range, to: 11}\n"
      "  b: {from: a, limit: slow, run: ['true']}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_GE(summary().at("seconds").get<double>(), 0.195);
}

TEST_F(Limits, HoldBlockingFunctionsToo) {
  folder.write("p.yaml", "");
  const Ended ended = run_file(
      "limits: {one: 1}\nnodes:\n  a: {source: range, to: 5}\n  b: {from: a, limit: one, " +
      logged("${{ item }}") + "}\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(peak(""), 1);
}

TEST_F(Limits, NobodyWaitsForThemWhenWhatIsBehindHasEnough) {
  for (const char* const queue :
       {"{from: a, queue: fifo, capacity: 2}", "{from: a, queue: fifo}"}) {
    const Ended ended = run_file(
        std::string("limits: {slow: {rate: 1/h}}\nnodes:\n  a: {source: range, to: 20}\n  q: ") +
        queue +
        "\n  b: {from: q, limit: slow, run: ['true']}\n"
        "  c: {from: b, function: take, count: 1}\n  d: {from: c, sink: lines, path: out}\n");
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(lines_of(folder.read("out")).size(), 1U);
    EXPECT_EQ(summary().at("nodes").at("b").at("done"), 1);
  }
}

TEST_F(Limits, AWeightThatIsNoneFailsItsItemAlsoBehindAFullQueue) {
  folder.write("test.yaml",
               "weir: 1\nlimits: {m: 3}\nnodes:\n"
               "  a: {source: list, items: [{n: 1}, {n: x}, {n: 2}, {n: 3}]}\n"
               "  b: {from: a, function: sleep, for: 1ms}\n"
               "  c: {from: b, queue: fifo, capacity: 2}\n"
               "  d: {from: c, function: sleep, for: 1ms, limit: m, weight: '${{ item.n }}'}\n");
  const Ended ended = weir({.arguments = {"run", "test.yaml", "--summary-file", "summary.json"}});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_EQ(summary().at("nodes").at("d").at("failed"), 1);
  EXPECT_EQ(summary().at("nodes").at("d").at("done"), 3);
}

}  // namespace
}  // namespace weir::e2e
