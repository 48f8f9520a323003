#pragma once

/// Clients that connect to a listening socket.

#include <functional>

#include "io/loop.hpp"

namespace weir::io {

/// Accepts them one by one, as long as there is a place for one more. What the system lacks for it
/// is waited for: the client stays in the socket's backlog, and it is tried again after a pause
/// that grows. For the thread that runs the loop (or for any one thread while none does).
class Acceptor {
 public:
  /// `has_place`: whether there may be one more; if not, `go_on` has to be called when there may.
  /// `admit` gets the connection, close-on-exec and non-blocking. If it throws, that is closed.
  Acceptor(Loop& loop, std::function<bool()> has_place, std::function<void(Descriptor)> admit);

  /// Takes over the socket, which listens; gives errno if the system has no room to watch it, else
  /// 0.
  int open(Descriptor socket);
  /// Accepts from now on, or again.
  void go_on() noexcept;

 private:
  void accept() noexcept;
  void back_off();

  const std::function<bool()> has_place_;
  const std::function<void(Descriptor)> admit_;
  Watch watch_;
  bool is_waiting_ = false;
  Alarm pause_;
  Clock::duration next_pause_;
};

}  // namespace weir::io
