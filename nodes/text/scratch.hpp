#pragma once

#include <cstddef>
#include <forward_list>
#include <mutex>
#include <string>

namespace weir::nodes {

/// A text that stays, for a thread of its own.
inline std::string& make_scratch() {
  static auto& mutex = *new std::mutex;
  static auto& texts = *new std::forward_list<std::string>;
  const std::lock_guard lock(mutex);
  return texts.emplace_front();
}

/// An empty text for a call to make its result in: each thread has one, so that a call costs no
/// allocation. Good until the next call on the same thread.
///
/// Workers stay. A thread_local text would end the program where there is no memory to note its
/// destructor.
inline std::string& scratch() {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  thread_local std::string* text = nullptr;
  if (text == nullptr) text = &make_scratch();
  text->clear();
  if (text->capacity() > kLargest) text->shrink_to_fit();
  return *text;
}

}  // namespace weir::nodes
