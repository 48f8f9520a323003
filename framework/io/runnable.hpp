#pragma once

/// How busy the machine is at this moment.

#include "io/descriptor.hpp"

namespace weir::io {

/// Costs a few microseconds a look, and one descriptor for good.
class Runnable {
 public:
  Runnable();
  /// How many threads run or want to, of all processes; 0 if that can't be told.
  int now() const;

 private:
  Descriptor file_;
};

}  // namespace weir::io
