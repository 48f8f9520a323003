#include "runtime/workers.hpp"

#include <chrono>
#include <condition_variable>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace weir::runtime {
namespace {

/// The reactor, the hand, the journal, the watch; and those who take samples, answer and show.
constexpr int kOtherThreads = 7;

/// A machine that has too much to do takes its time; one that refuses a thread after all doesn't
/// hold up the run for longer.
constexpr std::chrono::seconds kStartPatience{10};

/// Where threads wait until all are there.
class Meeting {
 public:
  explicit Meeting(int threads) : missing_(threads) {}

  void join() {
    std::unique_lock lock(mutex_);
    if (--missing_ == 0) complete_.notify_all();
    wait(lock);
  }
  void wait() {
    std::unique_lock lock(mutex_);
    wait(lock);
  }

 private:
  void wait(std::unique_lock<std::mutex>& lock) {
    complete_.wait_for(lock, kStartPatience, [this] { return missing_ == 0; });
  }

  std::mutex mutex_;
  std::condition_variable complete_;
  int missing_;
};

}  // namespace

void check_threads(int workers) {
  const int wanted = workers + kOtherThreads;
  std::mutex all_there;  // each waits until all are
  std::vector<std::thread> threads;
  std::optional<std::system_error> error;
  {
    const std::lock_guard lock(all_there);
    try {
      for (int i = 0; i < wanted; ++i) {
        threads.emplace_back([&] { const std::lock_guard until_then(all_there); });
      }
    } catch (const std::system_error& refused) {
      error = refused;
    }
  }
  for (std::thread& thread : threads) thread.join();
  if (!error) return;
  throw std::system_error(error->code(),
                          fmt::format("{} threads can't be started (ulimit -u says how many "
                                      "processes and threads a user may have, pids.max how many a "
                                      "control group, ulimit -v how much memory a process, "
                                      "--threads how many workers there are to be)",
                                      wanted));
}

void bring_up(oneapi::tbb::task_arena& arena, int workers) {
  // Each of them keeps one worker until all have one. Late ones may outlive this call.
  const auto meeting = std::make_shared<Meeting>(workers);
  for (int i = 0; i < workers; ++i) arena.enqueue([meeting] { meeting->join(); });
  meeting->wait();
}

void ArenaExecutor::execute(Task& task) noexcept {
  graph_.reserve_wait();
  arena_.enqueue([this, &task] {
    task.run();
    graph_.release_wait();
  });
}

}  // namespace weir::runtime
