#pragma once

/// Where the time of items went: from the end of what an item came of to its own end, without gaps.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

/// What time was spent on.
struct Cause {
  enum class Kind : std::uint8_t {
    handed_on,  ///< on its way from what it came of, nodes that compute included
    ordered,    ///< the same, where it had to take its turn
    queue,      ///< the same, where it had to wait for room in a queue; or its node had to
    limit,      ///< waits for slots of `Cause::limit`; the next three: for what else that has
    memory,
    rate,
    pause,
    worker,  ///< waits for a thread
    run,
    back_off,
  };

  Kind kind = Kind::run;
  std::string_view limit = {};  ///< its name, in the recording; empty where there is none

  friend auto operator<=>(const Cause&, const Cause&) = default;
};

/// "run", "limit registry", "back-off"…
std::string to_string(const Cause& cause);

/// From `held_for` and `held_by` of an attempt, which must outlive it; nullopt: it did not wait.
std::optional<Cause> wait_for(std::string_view held_for, std::string_view held_by);
/// Whether it is a wait for a limit, whatever that had too little of.
bool is_of_limit(Cause::Kind kind);

/// A stretch of an item's time.
struct Part {
  Cause cause;
  std::size_t attempt = 0;  ///< index into the item's
  Recording::Time begin = 0;
  Recording::Time end = 0;
};

/// Says what the time of each item was spent on. The recording must outlive it.
class Account {
 public:
  explicit Account(const Recording& recording);

  /// One behind another, each where the last one ends; none is empty. So they sum up to the time of
  /// the item, and those of a row of items that came of each other to the time of the row.
  std::vector<Part> parts(const Recording::Item& item) const;

 private:
  Cause::Kind way_to(const Recording::Item& item) const;

  const Recording& recording_;
  const std::vector<std::optional<std::int64_t>> capacities_;  // before each node
};

using Causes = std::map<Cause, Recording::Time>;

struct Where {
  std::vector<Causes> nodes;  ///< in the order of the graph
  Recording::Time all = 0;
};

/// The recording must outlive it.
Where where_time_went(const Recording& recording);

}  // namespace weir::view
