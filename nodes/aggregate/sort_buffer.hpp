#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "nodes/aggregate/sort_item.hpp"

namespace weir::nodes {

/// A fixed amount of memory that items are put into and sorted in. Nothing of it is touched, and so
/// taken from the machine, before it is needed.
class SortBuffer {
 public:
  SortBuffer() = default;
  explicit SortBuffer(std::size_t bytes)
      : bytes_(bytes / sizeof(Reference) * sizeof(Reference)), memory_(::operator new(bytes_)) {}

  /// Copies the item; false if there is no room for it.
  bool add(const SortItem& item);
  /// Stable: items with equal keys stay in the order in which they came.
  void sort(bool descending);
  void clear() { used_ = count_ = 0; }

  std::size_t size() const { return count_; }
  std::size_t capacity() const { return bytes_; }
  /// Behind `sort`: the items in their order.
  SortItem operator[](std::size_t index) const {
    return sort_item_at(data() + references()[index].at);
  }

 private:
  struct Reference {
    std::uint64_t prefix;
    std::uint64_t is_whole : 1;  // two such keys are equal if their prefixes are
    std::uint64_t at : 63;
  };
  struct Free {
    void operator()(void* memory) const { ::operator delete(memory); }
  };

  char* data() const { return static_cast<char*>(memory_.get()); }
  /// The items grow from one end, what refers to them from the other.
  Reference* references() const { return reinterpret_cast<Reference*>(data() + bytes_) - count_; }

  std::size_t bytes_ = 0;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  std::unique_ptr<void, Free> memory_;
};

}  // namespace weir::nodes
