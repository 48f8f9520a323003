#pragma once

/// The event loop: descriptors and points in time that one thread waits for. Hides Boost.Asio.
///
/// But for `Loop::post`, everything is for the thread that runs the loop (or for any one thread
/// while none does). Handlers must not throw.

#include <chrono>
#include <functional>
#include <memory>

#include "io/descriptor.hpp"

namespace weir::io {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  /// Opens the descriptors that it needs for good. Throws std::runtime_error if it can't.
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Calls handlers until `stop`.
  void run();
  void stop();

  /// Has `task` called by the thread that runs the loop. From any thread.
  void post(std::function<void()> task);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Waits for one descriptor, which it owns and makes non-blocking.
class Watch {
 public:
  explicit Watch(Loop& loop);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Takes over the descriptor; gives errno if the system has no room to watch it, else 0.
  int open(Descriptor descriptor);
  /// Closes the descriptor. After this a handler that was set is not called any more.
  void close();

  bool is_open() const { return number_ >= 0; }
  int descriptor() const { return number_; }

  /// Calls `handler` once, when there is something to read (or the end, or an error), or when the
  /// system refuses to wait for that: see `refused`. The handler may destroy the Watch.
  void when_readable(std::function<void()> handler);
  void when_writable(std::function<void()> handler);

  /// Why the last wait could not be: errno; 0 if it could. Another one may fail at once again.
  int refused() const;

 private:
  struct State;
  void wait(bool for_reading, std::function<void()> handler);

  Loop& loop_;
  std::shared_ptr<State> state_;
  int number_ = -1;
};

/// One point in time to wait for.
class Alarm {
 public:
  explicit Alarm(Loop& loop);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Calls `handler` once at `time`, in place of what was set before. The handler may destroy the
  /// Alarm.
  void set(Clock::time_point time, std::function<void()> handler);
  /// What was set is called that much later.
  void postpone(Clock::duration by);
  /// What was set is not called any more.
  void cancel();
  bool is_set() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace weir::io
