#pragma once

namespace weir::runtime {

/// Runs things on the workers. The only seam between coroutines and oneTBB's arena.
class Executor {
 public:
  /// Soon, on a worker. `task` stays alive until it has run.
  class Task {
   public:
    virtual void run() noexcept = 0;

   protected:
    ~Task() = default;
  };

  virtual void execute(Task& task) = 0;

 protected:
  ~Executor() = default;
};

}  // namespace weir::runtime
