#include "view/record/lanes.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

namespace weir::view {
namespace {

std::vector<Lane> partition(std::vector<LaneSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const LaneSpan& a, const LaneSpan& b) {
    return std::tie(a.begin, a.end, a.item) < std::tie(b.begin, b.end, b.item);
  });
  std::vector<Lane> lanes;
  using End = std::pair<Recording::Time, std::size_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> busy;  // until when
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> free;
  for (const LaneSpan& span : spans) {
    for (; !busy.empty() && busy.top().first <= span.begin; busy.pop()) {
      free.push(busy.top().second);
    }
    std::size_t lane = lanes.size();
    if (free.empty()) {
      lanes.emplace_back();
    } else {
      lane = free.top();
      free.pop();
    }
    lanes[lane].push_back(span);
    busy.emplace(std::max(span.end, span.begin + 1), lane);
  }
  return lanes;
}

}  // namespace

std::vector<std::vector<Lane>> lanes_of(const Recording& recording) {
  std::vector<std::vector<LaneSpan>> spans(recording.graph.nodes.size());
  for (std::size_t i = 0; i < recording.items.size(); ++i) {
    const Recording::Item& item = recording.items[i];
    for (std::size_t k = 0; k < item.attempts.size(); ++k) {
      spans[item.node].push_back({i, k, item.attempts[k].started, item.attempts[k].ended});
    }
  }
  std::vector<std::vector<Lane>> lanes;
  for (std::vector<LaneSpan>& of_node : spans) lanes.push_back(partition(std::move(of_node)));
  return lanes;
}

}  // namespace weir::view
