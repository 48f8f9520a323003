#pragma once

/// What held a run back, over all of it: what holds it back at a moment is view/why.hpp's.

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/status.hpp"
#include "view/why.hpp"

namespace weir::view {

class HeldBack {
 public:
  /// `findings` of `status`: what comes first held the run back since the last call.
  void note(const runtime::Status& status, const std::vector<Finding>& findings);

  /// A node that held it back, and the sentence that says so.
  struct Held {
    std::string node;
    std::string text;
  };
  /// The one that did so for the longest time comes first. Those that did for less than a twentieth
  /// of the time are left out, but for the first.
  std::vector<Held> all() const;

 private:
  /// Of a node, while it was what held the run back.
  struct Account {
    std::string node;
    bool shares_limits = false;  ///< and has none of its own
    double seconds = 0;
    std::int64_t most_waiting = 0;
    std::int64_t most_running = 0;
    std::string reason;               ///< when most waited
    std::vector<std::string> others;  ///< nodes that are counted with it
  };
  std::vector<Account> by_limit() const;

  std::vector<Account> accounts_;
  double begin_ = 0, end_ = 0;
  bool has_begun_ = false;
};

}  // namespace weir::view
