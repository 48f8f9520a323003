#pragma once

/// Threads for nodes that block.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weir::runtime {

/// Up to `most` threads, each made when it is first needed. Destroy it only when nothing is left to
/// do.
class ThreadPool {
 public:
  explicit ThreadPool(std::size_t most) : most_(most) {}
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Throws std::system_error if there is no thread at all to run it on.
  void execute(std::function<void()> task);

 private:
  void work();

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::size_t idle_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace weir::runtime
