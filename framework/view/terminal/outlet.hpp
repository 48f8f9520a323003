#pragma once

/// Writing to who may not be reading.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "io/descriptor.hpp"
#include "view/terminal/spill.hpp"

namespace weir::view {

/// Writes to a descriptor in the order of the calls, from any thread, and lets none of them wait: a
/// terminal that was stopped by Ctrl-S, or a pager that has enough for now, must not keep a run
/// from hearing of signals and timeouts. What can't be written at once is kept (beyond 64 KiB in an
/// unnamed file), and written by a thread of its own, which begins when it is needed first.
class Outlet {
 public:
  explicit Outlet(int descriptor);
  /// Waits until all is written.
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  void write(std::string_view text) noexcept;
  /// Until no more than so many bytes are kept. For those who write more than anybody can read.
  void wait(std::size_t most = 0) noexcept;
  /// How many bytes are kept.
  std::size_t kept() const noexcept { return kept_.load(std::memory_order_relaxed); }
  /// Why nothing can be written any more; empty: it can.
  std::string error() const noexcept;

 private:
  std::string_view write_what_fits(std::string_view text) noexcept;
  bool keep(std::string_view text) noexcept;
  void write_on() noexcept;

  const int given_;
  const io::Descriptor own_;  // the same file, but that writing to it never waits
  const int descriptor_;      // one of them
  const std::size_t most_at_once_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Spill waiting_;
  std::atomic<std::size_t> kept_{0};  // in `waiting_`, and what the thread has in hand
  int error_ = 0;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace weir::view
