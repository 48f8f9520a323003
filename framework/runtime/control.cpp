#include "runtime/control.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace weir::runtime {

Control::Control(Observer& observer, io::Reactor& reactor, int threads)
    : observer_(observer),
      reactor_(reactor),
      stop_descriptor_(eventfd(0, EFD_CLOEXEC)),
      // The workers, the hand, the reactor's thread, and one that brings items.
      watch_(static_cast<unsigned>(threads) + 3) {
  if (stop_descriptor_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

Control::~Control() { close(stop_descriptor_); }

void Control::work_ends() noexcept {
  if (under_way_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  // Under the lock, so that the waiter can't miss it between its look and its sleep; and so that it
  // can't destroy this object before the call is over.
  const std::lock_guard lock(mutex_);
  idle_.notify_all();
}

void Control::wait_until_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return under_way_.load(std::memory_order_acquire) == 0; });
}

void Control::stop(int signal) noexcept {
  int none = 0;
  signal_.compare_exchange_strong(none, signal);
  stop_work();
}

void Control::give_up(std::string_view node, std::string_view reason) noexcept {
  if (stopping()) return;
  try {
    observer_.note("", "stopping: " + std::string(node) + ": " + std::string(reason) +
                           "; what runs goes on to its end");
  } catch (const std::exception&) {  // no memory to say so
  }
  stop_work();
}

void Control::cut_off() noexcept {
  cut_off_ = true;
  stop_work();
  reactor_.cancel_all();
}

void Control::fail(std::string_view node, std::string_view error) noexcept {
  {
    const std::lock_guard lock(mutex_);
    // A sink that can't write can't write the next item either: say it once.
    const std::string name(node);
    if (!name.empty() &&
        std::find(failed_nodes_.begin(), failed_nodes_.end(), name) != failed_nodes_.end()) {
      return;
    }
    if (!name.empty()) failed_nodes_.push_back(name);
    std::string message = name.empty() ? std::string(error) : name + ": " + std::string(error);
    if (std::find(errors_.begin(), errors_.end(), message) != errors_.end()) return;
    errors_.push_back(std::move(message));
  }
  stop_work();
}

std::vector<std::string> Control::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

void Control::stop_work() noexcept {
  if (stopping_.exchange(true)) return;
  eventfd_write(stop_descriptor_, 1);
  watch_.ask_all_to_yield();
  const std::lock_guard lock(stop_mutex_);
  if (on_stop_) on_stop_();
}

}  // namespace weir::runtime
