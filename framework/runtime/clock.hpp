#pragma once

/// What time it is, and who is called when: the seam between the logic of waiting and real time.

#include <chrono>

namespace weir::runtime {

class Clock {
 public:
  using Point = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::nanoseconds;

  /// Wants to be called at some time. Kept alive by whoever set it, until it has rung or `cancel`
  /// has said that it will not.
  class Alarm {
   public:
    /// Once for each `set`, on a thread that may run nodes.
    virtual void ring() noexcept = 0;

   protected:
    ~Alarm() = default;
  };

  virtual Point now() const noexcept = 0;
  /// One that is not set. Throws std::bad_alloc.
  virtual void set(Alarm& alarm, Point at) = 0;
  /// True: it was set, and will not ring. False: it rings, or has rung, or was never set.
  virtual bool cancel(Alarm& alarm) noexcept = 0;

 protected:
  ~Clock() = default;
};

}  // namespace weir::runtime
