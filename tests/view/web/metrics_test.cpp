#include "view/web/metrics.hpp"

#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace weir::view {
namespace {

using runtime::NodeStatus;
using runtime::Status;

/// A value of the exposition format, by name and the value of the label `node`.
using Samples = std::map<std::pair<std::string, std::string>, double>;

std::string unescaped(const std::string& text) {
  std::string to;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      to += text[i];
      continue;
    }
    const char next = text.at(++i);
    if (next != 'n' && next != '\\' && next != '"') throw std::runtime_error("escape");
    to += next == 'n' ? '\n' : next;
  }
  return to;
}

/// Strict: HELP, TYPE and then the samples of each family, once. Throws if anything is amiss.
Samples parse(const std::string& text) {
  static const std::regex kHelp(R"(# HELP ([a-z_]+) \S.*)");
  static const std::regex kType(R"(# TYPE ([a-z_]+) (counter|gauge))");
  static const std::regex kSample(R"re(([a-z_]+)(\{node="((?:[^"\\]|\\.)*)"\})? (\S+))re");
  if (!text.ends_with('\n')) throw std::runtime_error("no newline at the end");
  Samples samples;
  std::set<std::string> families;
  std::string help, family;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, kHelp)) {
      help = match[1];
    } else if (std::regex_match(line, match, kType)) {
      family = match[1];
      if (family != help || !families.insert(family).second) throw std::runtime_error(line);
      if ((match[2] == "counter") != family.ends_with("_total")) throw std::runtime_error(line);
    } else if (std::regex_match(line, match, kSample)) {
      std::size_t used = 0;
      const std::string number = match[4];
      const double value = std::stod(number, &used);
      const bool is_new = samples.emplace(std::pair(match[1], unescaped(match[3])), value).second;
      if (match[1] != family || used != number.size() || !is_new) throw std::runtime_error(line);
    } else {
      throw std::runtime_error("no line of the format: " + line);
    }
  }
  return samples;
}

NodeStatus node_status(const std::string& name, const std::string& kind) {
  NodeStatus made;
  made.name = name;
  made.kind = kind;
  return made;
}

TEST(Metrics, AreWhatPrometheusReads) {
  Status status;
  status.seconds = 12.5;
  status.threads = 2;
  NodeStatus push = node_status("push", "function");
  push.in = 5'000'000'000;
  push.done = 3;
  push.failed = 2;
  push.cancelled = 1;
  push.running = 4;
  push.waiting = 4;
  push.queued = 3;
  push.backing_off = 6;
  push.limit = 9;
  NodeStatus queue = node_status("built", "queue");
  queue.waiting = 8;
  status.nodes = {push, queue};
  status.sources.push_back({"names", false, false, 11, 12, 13, 14});
  const Samples samples = parse(metrics_text(status, {1.25, 4096}));
  const auto at = [&](const char* name, const char* of) { return samples.at({name, of}); };
  EXPECT_EQ(at("weir_items_in_total", "push"), 5e9);
  EXPECT_EQ(at("weir_items_done_total", "push"), 3);
  EXPECT_EQ(at("weir_items_failed_total", "push"), 2);
  EXPECT_EQ(at("weir_items_cancelled_total", "push"), 1);
  EXPECT_EQ(at("weir_items_running", "push"), 4);
  EXPECT_EQ(at("weir_items_waiting", "push"), 7);
  EXPECT_EQ(at("weir_items_backing_off", "push"), 6);
  EXPECT_EQ(at("weir_limit_slots", "push"), 9);
  EXPECT_EQ(at("weir_queue_depth_items", "built"), 8);
  EXPECT_EQ(samples.count({"weir_queue_depth_items", "push"}), 0U);
  EXPECT_EQ(samples.count({"weir_items_waiting", "built"}), 0U);
  EXPECT_EQ(samples.count({"weir_limit_slots", "built"}), 0U);
  EXPECT_EQ(at("weir_source_in_flight_items", "names"), 11);
  EXPECT_EQ(at("weir_source_in_flight_bytes", "names"), 12);
  EXPECT_EQ(at("weir_run_seconds", ""), 12.5);
  EXPECT_EQ(at("weir_threads", ""), 2);
  EXPECT_EQ(at("process_cpu_seconds_total", ""), 1.25);
  EXPECT_EQ(at("process_resident_memory_bytes", ""), 4096);
}

TEST(Metrics, AreNotUpsetByNames) {
  for (const char* const name : {"\"} 1\nevil 2", "\\", "\\n", "a{b=\"c\"}", "\xC3\xA9", " ", ""}) {
    Status status;
    status.nodes.push_back(node_status(name, "function"));
    status.nodes.back().done = 3;
    const Samples samples = parse(metrics_text(status, {}));
    EXPECT_EQ(samples.at({"weir_items_done_total", name}), 3) << name;
    EXPECT_EQ(samples.size(), 11U) << name;
  }
}

TEST(Metrics, KnowTheirProcess) {
  EXPECT_GT(process_use().resident_bytes, 1'000'000);
  EXPECT_GE(process_use().cpu_seconds, 0);
}

}  // namespace
}  // namespace weir::view
