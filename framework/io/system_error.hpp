#pragma once

/// What system calls say when they fail.

#include <cerrno>
#include <string>
#include <system_error>

namespace weir::io {

/// What an error number means: "No such file or directory".
inline std::string message_of(int error) { return std::generic_category().message(error); }

/// Throws std::system_error of errno, unless `good`.
inline void check(bool good) {
  if (!good) throw std::system_error(errno, std::generic_category());
}

}  // namespace weir::io
