#pragma once

#include <cstddef>
#include <string>

namespace weir::nodes {

/// An empty text for a call to make its result in: each thread has one, so that a call costs no
/// allocation. Good until the next call on the same thread.
inline std::string& scratch() {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  thread_local std::string text;
  text.clear();
  if (text.capacity() > kLargest) text.shrink_to_fit();
  return text;
}

}  // namespace weir::nodes
