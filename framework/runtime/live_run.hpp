#pragma once

/// A run that is going on, for those who look at it from outside.

#include <cstdint>
#include <string>

#include "runtime/status.hpp"

namespace weir::runtime {

/// From any thread, as long as the run lasts.
class LiveRun {
 public:
  virtual Status status() const = 0;
  /// The slots of a limit of the file, or of a function's own, by its name. 0: nothing starts. The
  /// result is an error, or empty.
  virtual std::string set_slots(const std::string& limit, std::int64_t slots) = 0;

 protected:
  ~LiveRun() = default;
};

}  // namespace weir::runtime
