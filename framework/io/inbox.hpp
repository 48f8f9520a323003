#pragma once

/// Many threads put in, one takes everything out.

#include <mutex>
#include <utility>
#include <vector>

namespace weir::io {

template <class T>
class Inbox {
 public:
  /// True if it was empty: the reader has to be woken. All that come until it takes need not.
  [[nodiscard]] bool put(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    return items_.size() == 1;
  }

  /// Swaps the contents, in order, with `taken`, which must be empty; its memory is used again.
  void take(std::vector<T>& taken) {
    const std::lock_guard lock(mutex_);
    items_.swap(taken);
  }

  bool empty() const {
    const std::lock_guard lock(mutex_);
    return items_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<T> items_;
};

}  // namespace weir::io
