#include <unistd.h>

#include "view/output.hpp"
#include "view/terminal/console.hpp"

namespace weir::view {

PlainConsole::PlainConsole() : error_(STDERR_FILENO) {}

void PlainConsole::error(std::string_view lines) noexcept {
  sign_of_life(lines);
  ++writes_;
}

void PlainConsole::sign_of_life(std::string_view lines) noexcept {
  // One write a message: lines of several threads, and of the children, don't mix.
  const std::lock_guard lock(error_mutex_);
  error_.write(lines);
}

void PlainConsole::error(const Pieces& pieces) noexcept {
  const std::lock_guard lock(error_mutex_);
  try {
    for (std::string piece = pieces(); !piece.empty(); piece = pieces()) error_.write(piece);
  } catch (const std::exception&) {
    // No memory for more of it.
  }
  ++writes_;
}

std::string PlainConsole::out(std::string_view lines) noexcept {
  const std::lock_guard lock(out_mutex_);
  ++writes_;
  return write_all(STDOUT_FILENO, lines);
}

}  // namespace weir::view
