#include "view/terminal/frame.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "../../spec/golden.hpp"
#include "../status_samples.hpp"
#include "view/terminal/columns.hpp"

namespace weir::view {
namespace {

using namespace test;

/// A run whose status is a function of the time, looked at once a second.
std::string text_at(double seconds, const std::function<Status(double)>& run, const Look& look) {
  NodeRates rates;
  Status status;
  for (double at = 0; at <= seconds; ++at) {
    status = run(at);
    status.seconds = at;
    rates.note(status);
  }
  std::string text;
  for (const std::string& line : frame(status, rates, look)) text += line + "\n";
  return text;
}

/// `images` as it comes to where it stands at 192 s.
Status images_at(double seconds) {
  Status status = images();
  const double share = seconds / 192;
  at(status, "build").done = static_cast<std::int64_t>(78 * share);
  at(status, "push").done = static_cast<std::int64_t>(34 * share);
  at(status, "build").items[0].last_line = "Step 4/7 : RUN apt-get install build-essential";
  at(status, "push").items[0].last_line = "Copying blob 4 of 7";
  return status;
}

Status throttled_at(double seconds) {
  Status status = images_at(seconds);
  status.limits[0].states[0].paused_for = 21;
  at(status, "push").backing_off = 2;
  at(status, "push").next_attempt = 21;
  return status;
}

/// With `sign`, which shares the limit of `push`.
Status shared_at(double seconds) {
  Status status = images_at(seconds);
  NodeStatus sign = runs("sign", {"build"});
  sign.limits = {"registry"};
  sign.in = 9;
  sign.running = 1;
  sign.waiting = 8;
  status.nodes.push_back(sign);
  LimitState& registry = status.limits[0].states[0];
  status.limits[0].slots = registry.taken = 4;
  registry.holders.push_back({"sign", "base", 2});
  registry.waiters.push_back({"sign", 8});
  return status;
}

Status drained_at(double seconds) {
  Status status = images_at(seconds);
  status.stopping = true;
  return status;
}

Status hostile_at(double seconds) {
  Status status = images_at(seconds);
  at(status, "build").items = {
      {"\x1b[2J\x1b]0;owned\x07\r\n\xe2\x80\xae", "", 1, 185, 1, "50%\r\x1b[31mred\xff"},
      {"\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b"
       "\xe3\x81\xaa\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa\xe6\xbc\xa2\xe5\xad\x97",
       "", 2, 20, 1, "e\xcc\x81\xcc\x81\xcc\x81 combining"}};
  return status;
}

/// So many in a row, of which the 15th is the bottleneck.
Status chain(std::size_t nodes) {
  Status status;
  status.threads = 2;
  status.nodes = {node("in", "source", "lines", "computes", {})};
  status.nodes[0].in = status.nodes[0].done = 1000;
  status.sources = {{"in", true, false, 10, 100, 65536, 16 << 20}};
  for (std::size_t i = 1; i < nodes; ++i) {
    NodeStatus step = runs("step" + std::to_string(i), {status.nodes.back().name});
    step.in = step.done = i <= 15 ? 500 : 100;
    status.nodes.push_back(step);
  }
  NodeStatus& slow = at(status, "step15");
  slow.done = 100;
  slow.limit = slow.running = 4;
  slow.waiting = 396;
  at(status, "step3").failed = 7;
  return status;
}

struct Case {
  const char* name;
  std::function<Status(double)> run;
  Look look;
};

class Frames : public testing::TestWithParam<Case> {};

TEST_P(Frames, AreAsTheyWere) {
  const Case& of = GetParam();
  const std::string text = text_at(192, of.run, of.look);
  expect_golden(std::string(WEIR_GOLDEN) + "/frames/" + of.name + ".txt", text);
}

/// As it comes to where it stands at 192 s.
Status many_at(double seconds) {
  Status status = chain(40);
  for (NodeStatus& node : status.nodes) {
    if (node.kind == "source") continue;
    node.done = static_cast<std::int64_t>(static_cast<double>(node.done) * seconds / 192);
  }
  return status;
}

INSTANTIATE_TEST_SUITE_P(All, Frames,
                         testing::Values(Case{"images_60", images_at, {60, 24, false}},
                                         Case{"images_80", images_at, {80, 24, false}},
                                         Case{"images_200", images_at, {200, 50, false}},
                                         Case{"images_80_colour", images_at, {80, 24, true}},
                                         Case{"images_low", images_at, {80, 6, false}},
                                         Case{"images_narrow", images_at, {25, 24, false}},
                                         Case{"throttled_80", throttled_at, {80, 24, false}},
                                         Case{"throttled_60", throttled_at, {60, 24, false}},
                                         Case{"shared_80", shared_at, {80, 24, false}},
                                         Case{"shared_low", shared_at, {80, 6, false}},
                                         Case{"drained_80", drained_at, {80, 24, false}},
                                         Case{"hostile_80", hostile_at, {80, 24, false}},
                                         Case{"many_80", many_at, {80, 24, false}},
                                         Case{"many_200", many_at, {200, 60, false}}),
                         [](const auto& of) { return of.param.name; });

TEST(Frame, FitsEveryTerminal) {
  for (const auto& run :
       {std::function(images_at), std::function(throttled_at), std::function(drained_at),
        std::function(hostile_at), std::function(many_at)}) {
    for (std::size_t width = 1; width < 220; width += width < 90 ? 1 : 13) {
      for (std::size_t height = 2; height < 60; height += height < 14 ? 1 : 9) {
        NodeRates rates;
        const Status status = run(192);
        rates.note(status);
        const std::vector<std::string> lines = frame(status, rates, {width, height, false});
        EXPECT_LT(lines.size(), height) << width << " x " << height;
        for (const std::string& line : lines) {
          EXPECT_LT(columns(line), std::max<std::size_t>(width, 2)) << height << ": " << line;
          EXPECT_EQ(line.find_first_of("\x1b\r\n\x07"), std::string::npos) << line;
        }
      }
    }
  }
}

TEST(Frame, GivesNoTimeWhereASourceHasNotEnded) {
  const auto goes_on = [](double seconds) {
    Status status = images_at(seconds);
    status.sources[0].ended = false;
    return status;
  };
  const std::string text = text_at(192, goes_on, {80, 24, false});
  EXPECT_EQ(text.find("left"), std::string::npos) << text;
  EXPECT_EQ(text.find("~"), std::string::npos) << text;
}

TEST(Frame, OfTenThousandNodesShowsThoseThatMatter) {
  // No edges: it is the number of rows that is tried.
  Status status;
  for (int i = 0; i < 10'000; ++i) status.nodes.push_back(runs("n" + std::to_string(i), {}));
  at(status, "n7777").running = 1;
  at(status, "n8888").failed = 1;
  NodeRates rates;
  rates.note(status);
  std::string text;
  for (const std::string& line : frame(status, rates, {80, 24, false})) text += line + "\n";
  EXPECT_NE(text.find("n7777"), std::string::npos) << text;
  EXPECT_NE(text.find("n8888"), std::string::npos) << text;
  EXPECT_NE(text.find("more nodes"), std::string::npos) << text;
}

}  // namespace
}  // namespace weir::view
