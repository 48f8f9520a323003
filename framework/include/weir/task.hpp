#pragma once

/// Work that waits: coroutines that never hold a worker thread, and what they can wait for.

#include <atomic>
#include <chrono>
#include <coroutine>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <weir/process.hpp>

namespace weir {

/// Thrown out of a `co_await` when the run is being stopped: let it pass. It does not derive from
/// std::exception, so that `catch (const std::exception&)` doesn't swallow it.
struct Cancelled {};

/// A program could not be started, or what it reads or writes could not be passed on.
class ProcessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a waiting node's call operator returns: `Task<T>`, where `T` is what it gives out. Starts
/// when it is awaited. Runs on a worker thread, after each `co_await` perhaps on another one.
template <class T = void>
class [[nodiscard]] Task;

namespace abi {

class TaskPromiseBase {
 public:
  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
      return done.promise().continuation;
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  std::coroutine_handle<> continuation = std::noop_coroutine();
  std::exception_ptr error;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T result() {
    if (error) std::rethrow_exception(error);
    return std::move(*value);
  }

  std::optional<T> value;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void result() const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace abi

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = abi::TaskPromise<T>;

  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) noexcept {
    handle_.promise().continuation = waiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().result(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

template <class T>
Task<T> abi::TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> abi::TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

class Host;

namespace abi {

/// One wait of a coroutine. The host fills in how it ended, then resumes `waiter`; from then on the
/// object may be gone.
struct Wait {
  std::coroutine_handle<> waiter;
  bool cancelled = false;
};

struct SleepWait : Wait {
  Host* host = nullptr;
  std::chrono::nanoseconds after{0};

  inline bool await_ready() const noexcept;
  inline void await_suspend(std::coroutine_handle<> handle);
  inline void await_resume() const;
};

struct ProcessWait : Wait {
  Host* host = nullptr;
  Command command;
  ProcessResult result;
  std::string error;  ///< not empty: there is no result, as it could not be started, say

  bool await_ready() const noexcept { return false; }
  inline void await_suspend(std::coroutine_handle<> handle);
  inline ProcessResult await_resume();
};

}  // namespace abi

/// What a node can ask of the framework while it works on an item.
class Host {
 public:
  /// Waits without holding a thread. Throws Cancelled when the run is stopped.
  [[nodiscard]] abi::SleepWait sleep(std::chrono::nanoseconds after) {
    abi::SleepWait wait;
    wait.host = this;
    wait.after = after;
    return wait;
  }

  /// Runs a program to its end: `co_await env.run("ping", "-c1", host)`. Any exit status is a
  /// result. Throws ProcessError if it can't be started, or if the system fails to pass on what it
  /// reads or writes; Cancelled when the run is stopped.
  [[nodiscard]] abi::ProcessWait run(Command command) {
    abi::ProcessWait wait;
    wait.host = this;
    wait.command = std::move(command);
    return wait;
  }
  template <class... Rest>
  [[nodiscard]] abi::ProcessWait run(std::string_view program, const Rest&... arguments) {
    Command command;
    command.argv.reserve(1 + sizeof...(arguments));
    command.argv.emplace_back(program);
    (command.argv.emplace_back(std::string_view(arguments)), ...);
    return run(std::move(command));
  }

  /// True from the moment when the run is being stopped. For loops that take long.
  virtual bool stopping() const noexcept = 0;

  /// This node wants no more items: those that still come to it are dropped, and count as
  /// cancelled. When every reader of a node wants no more, neither does the node, and a source
  /// ends.
  virtual void enough() noexcept = 0;

  /// Blocks until `descriptor` can be read without blocking, or has ended: true. False when the run
  /// is being stopped, or when all readers have enough. Only for nodes that block.
  virtual bool wait_readable(int descriptor) = 0;

  /// Shows a line to the user, on standard error, under the node's name.
  virtual void note(std::string_view line) noexcept = 0;

  /// Data for the user, on standard output: whole lines, written at once, never mixed with others'.
  /// Throws std::runtime_error when standard output can't take it.
  virtual void print(std::string_view lines) = 0;

 protected:
  ~Host() = default;

  friend struct abi::SleepWait;
  friend struct abi::ProcessWait;
  virtual void begin(abi::SleepWait& wait) = 0;
  virtual void begin(abi::ProcessWait& wait) = 0;
};

inline bool abi::SleepWait::await_ready() const noexcept {
  return after <= std::chrono::nanoseconds::zero() && !host->stopping();
}
inline void abi::SleepWait::await_suspend(std::coroutine_handle<> handle) {
  waiter = handle;
  host->begin(*this);  // *this may be gone when it returns
}
inline void abi::SleepWait::await_resume() const {
  if (cancelled) throw Cancelled{};
}
inline void abi::ProcessWait::await_suspend(std::coroutine_handle<> handle) {
  waiter = handle;
  host->begin(*this);  // *this may be gone when it returns
}
inline ProcessResult abi::ProcessWait::await_resume() {
  if (cancelled) throw Cancelled{};
  if (!error.empty()) throw ProcessError(error);
  return std::move(result);
}

}  // namespace weir

namespace weir::abi {

/// A coroutine that nobody waits for: it ends by itself.
struct Detached {
  struct promise_type {
    Detached get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

}  // namespace weir::abi
