#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "nodes/hash.hpp"

namespace weir::nodes {

/// The last so many keys that came for the first time, by their hashes: 16 bytes for each and about
/// as much again two to four times for the table that finds them.
class RecentKeys {
 public:
  RecentKeys() = default;
  explicit RecentKeys(std::size_t most) : most_(most) { table_.resize(kSmallest); }

  /// Whether the key was not there. It is now; if there are too many then, the oldest is forgotten.
  bool add(const Hash128& wanted) {
    // No key is zero in the table: that is an empty place.
    const Hash128 key = wanted == Hash128{} ? Hash128{1, 0} : wanted;
    std::size_t at = find(key);
    if (table_[at] == key) return false;
    if (order_.size() == most_) {
      remove(order_[oldest_]);
      ++forgotten_;
      order_[oldest_] = key;
      oldest_ = oldest_ + 1 == most_ ? 0 : oldest_ + 1;
      at = find(key);
    } else {
      order_.push_back(key);
      if (order_.size() * 2 > table_.size()) {
        grow();
        at = find(key);
      }
    }
    table_[at] = key;
    return true;
  }

  std::size_t forgotten() const { return forgotten_; }

 private:
  static constexpr std::size_t kSmallest = 64;

  std::size_t home(const Hash128& key) const { return key.low & (table_.size() - 1); }
  std::size_t behind(std::size_t at) const { return (at + 1) & (table_.size() - 1); }

  /// Where the key is, or would go.
  std::size_t find(const Hash128& key) const {
    std::size_t at = home(key);
    while (!(table_[at] == Hash128{}) && !(table_[at] == key)) at = behind(at);
    return at;
  }

  /// Moves back what stands behind only because its place was taken.
  void remove(const Hash128& key) {
    std::size_t hole = find(key);
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = behind(hole); !(table_[at] == Hash128{}); at = behind(at)) {
      if (((at - home(table_[at])) & mask) >= ((at - hole) & mask)) {
        table_[hole] = table_[at];
        hole = at;
      }
    }
    table_[hole] = {};
  }

  void grow() {
    std::vector<Hash128> before(table_.size() * 2);
    before.swap(table_);
    for (const Hash128& key : before) {
      if (!(key == Hash128{})) table_[find(key)] = key;
    }
  }

  std::size_t most_ = 1;
  std::vector<Hash128> table_;  // a power of two, at most half full
  std::vector<Hash128> order_;  // as they came; once full, a ring
  std::size_t oldest_ = 0;
  std::size_t forgotten_ = 0;
};

}  // namespace weir::nodes
