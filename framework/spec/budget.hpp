#pragma once

/// How much a file may grow by what it says once and uses often: aliases and `${…}`.

#include <algorithm>
#include <cstdint>

namespace weir::spec {

/// The size of a value with everything in it.
struct Extent {
  std::uint64_t nodes = 1;
  std::uint64_t bytes = 0;   ///< of its texts and keys
  std::uint32_t height = 0;  ///< 0 for a scalar, 1 for a list of scalars, …

  /// Takes in what is one level further down.
  void add(const Extent& child) {
    nodes += child.nodes;
    bytes += child.bytes;
    height = std::max(height, child.height + 1);
  }
};

/// What may come on top of what is written in the file.
class Budget {
 public:
  /// Pays for one more copy of something. False, and from then on always, if that is too much.
  bool pay(const Extent& copy) {
    if (copy.nodes > nodes_ || copy.bytes > bytes_) {
      nodes_ = bytes_ = 0;
      return false;
    }
    nodes_ -= copy.nodes;
    bytes_ -= copy.bytes;
    return true;
  }

 private:
  std::uint64_t nodes_ = 100'000;
  std::uint64_t bytes_ = std::uint64_t{16} << 20;
};

}  // namespace weir::spec
