#include "io/thread.hpp"

namespace weir::io {

void no_thread(const std::system_error& error) {
  throw std::system_error(
      error.code(),
      "a thread can't be started (ulimit -v says how much memory a process may have, ulimit -u how "
      "many processes and threads a user, pids.max how many a control group)");
}

}  // namespace weir::io
