#include <algorithm>

#include "view/graph/layered.hpp"

namespace weir::view {
namespace {

constexpr int kTightenings = 8;

struct Around {
  std::vector<std::size_t> in;  ///< numbers of links
  std::vector<std::size_t> out;
};

}  // namespace

// Longest paths first (Sugiyama, Tagawa and Toda 1981); then nodes move, each within what its
// neighbours leave it, to where its links are shortest. What the network simplex (Gansner et al.
// 1993) would gain beyond that is little in graphs that are mostly chains.
std::vector<std::size_t> ranks_of(const std::vector<std::size_t>& order,
                                  const std::vector<Link>& links) {
  std::vector<std::size_t> ranks(order.size(), 0);
  std::vector<Around> around(order.size());
  for (std::size_t i = 0; i < links.size(); ++i) {
    around[links[i].from].out.push_back(i);
    around[links[i].to].in.push_back(i);
  }
  for (const std::size_t node : order) {
    for (const std::size_t i : around[node].out) {
      ranks[links[i].to] = std::max(ranks[links[i].to], ranks[node] + links[i].length);
    }
  }
  for (int pass = 0; pass < kTightenings; ++pass) {
    bool moved = false;
    // A node whose links are as short wherever it stands goes to the late side, and so lets what it
    // reads follow: whole chains move to where they are wanted.
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      const Around& links_of = around[*at];
      if (links_of.out.empty() || links_of.in.size() > links_of.out.size()) continue;
      std::size_t latest = kNone;
      for (const std::size_t i : links_of.out) {
        latest = std::min(latest, ranks[links[i].to] - links[i].length);
      }
      moved = moved || latest != ranks[*at];
      ranks[*at] = latest;
    }
    if (!moved) break;
  }
  const std::size_t first = ranks.empty() ? 0 : *std::min_element(ranks.begin(), ranks.end());
  for (std::size_t& rank : ranks) rank -= first;
  return ranks;
}

}  // namespace weir::view
