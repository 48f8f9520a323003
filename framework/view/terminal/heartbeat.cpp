#include "view/terminal/heartbeat.hpp"

#include <fmt/format.h>

#include "view/bottleneck.hpp"
#include "view/node_counts.hpp"
#include "view/text.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

/// Of many nodes the first ones that do anything.
constexpr int kMostNodes = 6;
constexpr std::size_t kWidest = 400;

std::string counts_text(const runtime::NodeStatus& node) {
  std::string to;
  const auto add = [&](std::int64_t items, const char* what) {
    if (items > 0) to += fmt::format("{}{} {}", to.empty() ? "" : ", ", items, what);
  };
  add(node.running, "running");
  add(pending(node), "waiting");
  add(node.backing_off, "retrying");
  add(node.failed, "failed");
  return to;
}

}  // namespace

bool Heartbeat::is_due(Point now, std::uint64_t writes) {
  if (writes != writes_) {
    writes_ = writes;
    quiet_since_ = now;
    return false;
  }
  if (now - quiet_since_ < kPause) return false;
  quiet_since_ = now;
  return true;
}

std::string heartbeat_line(const runtime::Status& status) {
  std::string to = "weir: " + short_time(status.seconds);
  int shown = 0;
  for (const runtime::NodeStatus& node : status.nodes) {
    if (!works(node)) continue;
    const std::string counts = counts_text(node);
    if (counts.empty() || (node.running == 0 && pending(node) == 0 && node.backing_off == 0)) {
      continue;
    }
    if (++shown > kMostNodes) continue;
    to += fmt::format("{} {}: {}", shown == 1 ? "," : ";", node.name, counts);
  }
  if (shown > kMostNodes) to += fmt::format("; and {} more nodes", shown - kMostNodes);
  const std::vector<Finding> all = findings(status);
  if (!all.empty()) {
    // What follows from something else that is not known is said, but not as the cause.
    to += fmt::format("; {}{}, {}", all.front().is_bottleneck ? "the bottleneck: " : "",
                      names_of(all.front().nodes), all.front().reason);
  } else if (status.stopping) {
    to += "; " + why(status).front();
  }
  return one_line(to, kWidest) + "\n";
}

}  // namespace weir::view
