#pragma once

/// What held a run back, over all of it: what holds it back at a moment is view/why.hpp's.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/status.hpp"
#include "view/bottleneck.hpp"
#include "view/why.hpp"

namespace weir::view {

class HeldBack {
 public:
  /// `findings` of `status`: what comes first held the run back since the last call.
  void note(const runtime::Status& status, const std::vector<Finding>& findings);

  /// The one that did so for the longest time comes first. Those that did for less than a twentieth
  /// of the time are left out, but for the first.
  std::vector<Bottleneck> all() const;

 private:
  /// Of a node, or of all that waited for the same limits, while that was what held the run back.
  struct Account {
    std::vector<std::string> limits;  ///< that were waited for
    /// For how long, by the node's place in the graph.
    std::map<std::size_t, std::pair<std::string, double>> nodes;
    double seconds = 0;
    std::int64_t most_waiting = 0;
    std::int64_t most_running = 0;
    /// How long each was the reason, and the most that waited then.
    std::map<std::string, std::pair<double, std::int64_t>> reasons;
  };
  Account& account_of(const Finding& finding, std::size_t node);
  Bottleneck bottleneck_of(const Account& account) const;
  static std::string reason_of(const Account& account);

  /// As the last status has them, where they are known: more than was seen at any of the moments.
  struct Peaks {
    std::int64_t running = 0, waiting = 0;
  };

  std::vector<Account> accounts_;
  std::vector<Peaks> peaks_;  ///< of each node
  double begin_ = 0, end_ = 0;
  bool has_begun_ = false;
};

}  // namespace weir::view
