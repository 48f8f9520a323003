#include "view/record/bottleneck.hpp"

#include <fmt/format.h>

#include "view/text.hpp"

namespace weir::view {
namespace {

/// What most of the waiting was for.
Bottleneck most_waited(const Recording& recording, const Where& where) {
  Bottleneck found;
  Recording::Time most = 0;
  for (std::size_t i = 0; i < where.nodes.size(); ++i) {
    for (const auto& [cause, sum] : where.nodes[i]) {
      if (!is_of_limit(cause.kind) || sum <= most) continue;
      most = sum;
      found.node = recording.graph.nodes[i].name;
      found.text =
          fmt::format("items waited {} in all for the {}, at {}",
                      short_time(static_cast<double>(sum) / 1e9), to_string(cause), found.node);
    }
  }
  // Less than a twentieth of the items' time is no bottleneck.
  return most * 20 < where.all ? Bottleneck() : found;
}

/// Where most stood and waited, or else was worked on.
Bottleneck most_sampled(const Recording& recording) {
  Bottleneck found;
  std::int64_t most = 0;
  for (const bool is_work : {false, true}) {
    for (std::size_t i = 0; i < recording.graph.nodes.size() && (most == 0 || is_work); ++i) {
      std::int64_t sum = 0;
      for (const Recording::Sample& sample : recording.samples) {
        const Recording::Sample::Node& node = sample.nodes[i];
        sum += is_work ? node.running : node.waiting + node.queued;
      }
      if (sum <= most || recording.graph.nodes[i].kind == "queue") continue;
      most = sum;
      found.node = recording.graph.nodes[i].name;
      found.text = is_work ? "most of the work was at " + found.node
                           : "most of what waited did so before " + found.node;
    }
    if (most != 0) break;
  }
  return found;
}

}  // namespace

Bottleneck bottleneck_of(const Recording& recording, const Where& where) {
  const Bottleneck waited = most_waited(recording, where);
  return waited.node.empty() ? most_sampled(recording) : waited;
}

}  // namespace weir::view
