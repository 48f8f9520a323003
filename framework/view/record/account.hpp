#pragma once

/// Where the time of items went: from the end of what an item came of to its own end, without gaps.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

/// A stretch of an item's time.
struct Part {
  enum class Kind : std::uint8_t {
    handed_on,  ///< on its way from what it came of, nodes that compute included
    ordered,    ///< the same, where it had to take its turn
    queue,      ///< the same, where it had to wait for room in a queue
    limit,      ///< waits for slots of `Part::limit`; the next three: for what else that has
    memory,
    rate,
    pause,
    worker,  ///< waits for a thread
    run,
    back_off,
  };

  Kind kind = Kind::run;
  std::size_t attempt = 0;  ///< index into the item's
  Recording::Time begin = 0;
  Recording::Time end = 0;
  const std::string* limit = nullptr;  ///< its name; null where there is none
};

/// "run", "limit registry", "back-off"…
std::string to_string(const Part& part);

/// Says what the time of each item was spent on. The recording must outlive it.
class Account {
 public:
  explicit Account(const Recording& recording);

  /// One behind another, each where the last one ends; none is empty. So they sum up to the time of
  /// the item, and those of a row of items that came of each other to the time of the row.
  std::vector<Part> parts(const Recording::Item& item) const;

 private:
  Part::Kind way_to(const Recording::Item& item) const;

  const Recording& recording_;
  std::vector<bool> behind_bounded_;  // of each node: it reads a queue with a capacity
};

/// Seconds by cause.
using Causes = std::map<std::string, double>;

struct Where {
  std::vector<Causes> nodes;  ///< in the order of the graph
  double seconds = 0;         ///< all of it
};

Where where_time_went(const Recording& recording);

}  // namespace weir::view
