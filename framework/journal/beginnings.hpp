#pragma once

/// Attempts that have begun and are not written yet: what ends soon is then written once, as a
/// whole.

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "journal/event.hpp"

namespace weir::journal {

/// For one thread at a time.
class Beginnings {
 public:
  using Clock = std::chrono::steady_clock;

  void add(Started event, Clock::time_point now);
  /// The last one of the item that has ended, if it is here.
  std::optional<Started> take(const std::string& node, const Key& key);
  /// The oldest one if it came before this; nullopt: there is none.
  std::optional<Started> take_older(Clock::time_point than);

  bool is_empty() const { return waiting_.empty(); }
  /// When the oldest one came; there must be one.
  Clock::time_point oldest() const { return waiting_.front().since; }
  void clear();

 private:
  struct Waiting {
    Started event;
    Clock::time_point since;
  };
  using At = std::list<Waiting>::iterator;

  Started take(At at);

  std::list<Waiting> waiting_;  // the oldest first
  std::list<Waiting> spare_;    // used again, as one is needed for every item
  std::unordered_multimap<Key, At, Key::Hash> by_key_;
};

}  // namespace weir::journal
