#include "view/ticker.hpp"

#include <pthread.h>

#include "io/signals_blocked.hpp"
#include "io/thread.hpp"

namespace weir::view {

Ticker::Ticker(std::chrono::milliseconds period, std::function<void()> tick)
    : period_(period), tick_(std::move(tick)) {
  const io::SignalsBlocked blocked;
  thread_ = io::start_thread([this] { run(); });
}

Ticker::~Ticker() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Ticker::run() {
  pthread_setname_np(pthread_self(), "weir-progress");
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    lock.unlock();
    tick_();
    lock.lock();
    changed_.wait_for(lock, period_, [this] { return is_ending_; });
  }
}

}  // namespace weir::view
