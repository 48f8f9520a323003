#pragma once

/// Threads that may be one too many.

#include <system_error>
#include <thread>
#include <utility>

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

}  // namespace weir::io
