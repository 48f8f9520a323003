#include "runtime/thread_pool.hpp"

#include <exception>
#include <utility>

#include "io/thread.hpp"

namespace weir::runtime {

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::execute(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_ && threads_.size() < most_) {
    try {
      io::add_thread(threads_, [this] { work(); });
    } catch (const std::exception&) {  // no more threads, or no memory for one
      // The threads that there are take it in their turn.
      if (!threads_.empty()) return;
      tasks_.pop_back();
      throw;
    }
    return;
  }
  wake_.notify_one();
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [&] { return ending_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace weir::runtime
