#include "runtime/hand.hpp"

#include <vector>

#include "io/thread.hpp"

namespace weir::runtime {
namespace {

/// A task that runs longer than this is none for the Hand: what waits behind it goes to workers.
constexpr std::chrono::milliseconds kLongCall{1};

}  // namespace

thread_local constinit WorksItself::State WorksItself::now_;

Hand::Hand(Executor& workers) : workers_(workers), thread_(io::start_thread([this] { work(); })) {}

Hand::~Hand() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Hand::execute(Task& task) noexcept {
  if (!task.is_short()) return workers_.execute(task);
  std::vector<Task*> passed_on;
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(&task);
    if (!is_busy_) {
      wake_.notify_one();
    } else if (Time::now() - began_ > kLongCall) {
      passed_on.assign(tasks_.begin(), tasks_.end());
      tasks_.clear();
    }
  }
  for (Task* const late : passed_on) workers_.execute(*late);
}

void Hand::drain() {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [&] { return !is_busy_ && tasks_.empty(); });
}

void Hand::work() {
  const WorksItself here(WorksItself::Who::outsider);
  std::unique_lock lock(mutex_);
  for (;;) {
    if (tasks_.empty()) {
      is_busy_ = false;
      drained_.notify_all();
      wake_.wait(lock, [&] { return ending_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
    }
    is_busy_ = true;
    Task* const task = tasks_.front();
    tasks_.pop_front();
    began_ = Time::now();
    lock.unlock();
    task->run();
    lock.lock();
  }
}

}  // namespace weir::runtime
