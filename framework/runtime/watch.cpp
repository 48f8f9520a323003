#include "runtime/watch.hpp"

#include <algorithm>
#include <exception>
#include <pthread.h>

namespace weir::runtime {
namespace {

constexpr std::chrono::milliseconds kPeriod{1};
/// A task is long from here on: twenty times what the size of batches is chosen for.
constexpr std::chrono::nanoseconds kLongTask = std::chrono::milliseconds(1);
/// Looks without anything to see before it sleeps.
constexpr int kIdleLooks = 20;

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

Watch::Watch(unsigned own_shards) : own_shards_(own_shards), id_(next_id()) {}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Watch::Slot& Watch::make_slot() {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<unsigned>(slots_.size());
  Slot& slot = slots_.emplace_back();
  slot.shard = {std::min(number, own_shards_), number < own_shards_};
  return slot;
}

void Watch::wake() {
  const std::lock_guard lock(mutex_);
  if (awake_.exchange(true)) return;
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { look(); });
  } catch (const std::exception&) {
    return;  // without it long tasks stay long, and that is all
  }
  changed_.notify_all();
}

void Watch::ask_all_to_yield() {
  const std::lock_guard lock(mutex_);
  all_yield_ = true;
  for (Slot& slot : slots_) slot.yield.store(true, std::memory_order_relaxed);
}

void Watch::look() {
  pthread_setname_np(pthread_self(), "weir-watch");
  std::unique_lock lock(mutex_);
  int idle = 0;
  while (!ending_) {
    if (!awake_.load(std::memory_order_relaxed)) {
      changed_.wait(lock);
      idle = 0;
      continue;
    }
    changed_.wait_for(lock, kPeriod);
    idle = look_once() ? 0 : idle + 1;
    if (idle < kIdleLooks) continue;
    awake_.store(false);
    // Somebody may have begun just before that, and not have seen it.
    changed_.wait_for(lock, kPeriod);
    if (look_once()) awake_.store(true);
    idle = 0;
  }
}

/// Whether anybody is at something.
bool Watch::look_once() {
  const std::int64_t now = Clock::now().time_since_epoch().count();
  bool any = false;
  for (Slot& slot : slots_) {
    const std::int64_t began = slot.began.load(std::memory_order_relaxed);
    if (began == 0) continue;
    any = true;
    // The task may have ended since: the next one then hands back more than it had to.
    if (all_yield_ || now - began > kLongTask.count()) {
      slot.yield.store(true, std::memory_order_relaxed);
    }
  }
  return any;
}

}  // namespace weir::runtime
