#pragma once

namespace weir::runtime {

/// Runs things on threads that may run nodes. The only seam between waiting and oneTBB's arena.
class Executor {
 public:
  /// Soon, on such a thread. `task` stays alive until it has run.
  class Task {
   public:
    virtual void run() noexcept = 0;
    /// Whether it is known to take next to nothing.
    virtual bool is_short() const noexcept = 0;

   protected:
    ~Task() = default;
  };

  virtual void execute(Task& task) noexcept = 0;

 protected:
  ~Executor() = default;
};

}  // namespace weir::runtime
