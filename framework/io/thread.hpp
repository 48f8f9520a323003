#pragma once

/// Threads that may be one too many.

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace weir::io {

/// Throws what says which limits a system has for threads.
[[noreturn]] void no_thread(const std::system_error& error);

/// As std::thread, whose error only says that a resource is temporarily unavailable.
template <class Body>
std::thread start_thread(Body&& body) {
  try {
    return std::thread(std::forward<Body>(body));
  } catch (const std::system_error& error) {
    no_thread(error);
  }
}

/// Adds one that is running, or throws and adds none.
template <class Body>
void add_thread(std::vector<std::thread>& threads, Body&& body) {
  std::thread& place = threads.emplace_back();
  try {
    place = start_thread(std::forward<Body>(body));
  } catch (...) {
    threads.pop_back();
    throw;
  }
}

}  // namespace weir::io
