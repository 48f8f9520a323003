#include "view/record/roots.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace weir::view {
namespace {

/// When the last item of each root's family ended; of others, their own.
std::vector<Recording::Time> ends_of_families(const Recording& recording) {
  std::vector<Recording::Time> ends;
  for (const Recording::Item& item : recording.items) ends.push_back(item.ended);
  // What an item came of stands before it.
  for (std::size_t i = recording.items.size(); i > 0; --i) {
    const std::size_t parent = recording.items[i - 1].parent;
    if (parent != Recording::kNone) ends[parent] = std::max(ends[parent], ends[i - 1]);
  }
  return ends;
}

std::int64_t count_until(const std::vector<Recording::Time>& times, Recording::Time at) {
  return std::lower_bound(times.begin(), times.end(), at) - times.begin();
}

/// Whether each of a node's roots came only when another one had made room.
void let_go_earlier(const Recording& recording, std::optional<std::int64_t> capacity,
                    const std::vector<Recording::Time>& family_ends, std::vector<Root>& roots) {
  const std::int64_t most = most_in_flight(recording);
  std::vector<Recording::Time> ends;
  std::vector<Recording::Time> admissions;
  for (const Root& root : roots) {
    ends.push_back(family_ends[root.item]);
    admissions.push_back(recording.items[root.item].attempts.front().admitted);
  }
  std::sort(ends.begin(), ends.end());
  std::sort(admissions.begin(), admissions.end());
  for (std::size_t i = 1; i < roots.size(); ++i) {
    const Recording::Time arrived = recording.items[roots[i].item].arrived;
    const auto came = static_cast<std::int64_t>(i);
    const bool is_held_back =
        came - count_until(ends, arrived) >= most - 1 ||
        (capacity && came - count_until(admissions, arrived) >= *capacity - 1);
    if (is_held_back) roots[i].after = 0;
  }
}

}  // namespace

std::vector<std::vector<Root>> roots_of(const Recording& recording) {
  std::vector<std::vector<Root>> roots(recording.graph.nodes.size());
  for (std::size_t i = 0; i < recording.items.size(); ++i) {
    const Recording::Item& item = recording.items[i];
    if (item.parent == Recording::kNone) roots[item.node].push_back({i, 0});
  }
  const std::vector<Recording::Time> ends = ends_of_families(recording);
  const auto capacities = capacities_before(recording.graph);
  for (std::size_t node = 0; node < roots.size(); ++node) {
    const auto arrived = [&](const Root& root) { return recording.items[root.item].arrived; };
    std::stable_sort(roots[node].begin(), roots[node].end(),
                     [&](const Root& a, const Root& b) { return arrived(a) < arrived(b); });
    Recording::Time before = 0;
    for (Root& root : roots[node]) {
      root.after = std::max<Recording::Time>(0, arrived(root) - before);
      before = std::max(before, arrived(root));
    }
    let_go_earlier(recording, capacities[node], ends, roots[node]);
  }
  return roots;
}

std::int64_t most_in_flight(const Recording& recording) {
  std::int64_t most = 0;
  for (const auto& [source, items] : recording.max_in_flight) most = std::max(most, items);
  return most == 0 ? std::numeric_limits<std::int64_t>::max() : most;
}

}  // namespace weir::view
