#pragma once

/// What those waited for that had no further attempt when the run died, was stopped or was looked
/// at: no attempt tells of it, but samples do, to within the time between two of them.

#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "view/record/cause.hpp"
#include "view/record/recording.hpp"

namespace weir::view {

class OpenWaits {
 public:
  /// The recording must outlive it.
  explicit OpenWaits(const Recording& recording);

  /// When an item that failed and had no other attempt was in line for one; if it never was, at its
  /// end.
  Recording::Time back_off_until(const Recording::Item& item) const;
  /// What those waited for that were in line at a node at the end; nullopt: nothing is known of it.
  std::optional<Cause> last_of(std::size_t node) const { return last_[node]; }

 private:
  void follow_back_offs(std::size_t node, std::vector<const Recording::Item*> left);

  const Recording& recording_;
  std::vector<std::optional<Cause>> last_;
  std::unordered_map<const Recording::Item*, Recording::Time> in_line_;
};

/// Whether its last attempt failed, and the next one never came.
bool waits_for_another(const Recording::Item& item);

/// Items that a run left behind before their first attempt, or that wait for it still.
struct NeverBegun {
  Cause cause;
  std::int64_t items = 0;
  Recording::Time waited = 0;
};

/// Of each node. What those waited for that did begin is in `causes`; none where there is no limit.
std::vector<NeverBegun> never_begun(const Recording& recording, const OpenWaits& waits,
                                    const std::vector<Causes>& causes);

}  // namespace weir::view
