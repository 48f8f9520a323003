#include "io/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>

#include "io/loop_context.hpp"

namespace weir::io {

namespace asio = boost::asio;
using boost::system::error_code;

struct Loop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  // Asio opens its epoll, event and timer descriptors with its first timer: now, not when there may
  // be none left.
  asio::steady_timer first{context};
};

// Asio does not look whether its own descriptors could be watched: then no timer would ever be due.
Loop::Loop() : impl_(std::make_unique<Impl>()) {
  bool is_due = false;
  impl_->first.expires_after(std::chrono::seconds(0));
  impl_->first.async_wait([&](const error_code&) { is_due = true; });
  for (int i = 0; i < 10 && !is_due; ++i)
    impl_->context.run_one_for(std::chrono::milliseconds(100));
  if (is_due) return;
  impl_.reset();
  throw std::runtime_error(
      "timers can't be watched: has the system no memory, or no more epoll watches "
      "(/proc/sys/fs/epoll/max_user_watches)?");
}
Loop::~Loop() = default;
boost::asio::io_context& context_of(Loop& loop) { return loop.impl().context; }

void Loop::run() { impl_->context.run(); }
void Loop::stop() { impl_->context.stop(); }
void Loop::post(std::function<void()> task) { asio::post(impl_->context, std::move(task)); }

// Asio still calls the handler of a wait that was cancelled, later. The state outlives its owner
// for that, and says that nobody is interested any more.
struct Watch::State {
  explicit State(asio::io_context& context) : stream(context) {}
  asio::posix::stream_descriptor stream;
  bool open = false;
  int refused = 0;
};

Watch::Watch(Loop& loop) : loop_(loop) {}
Watch::~Watch() { close(); }

int Watch::open(Descriptor descriptor) {
  close();
  auto state = std::make_shared<State>(loop_.impl().context);
  error_code error;
  state->stream.assign(descriptor.get(), error);
  if (error) return error.value();
  state->open = true;
  state_ = std::move(state);
  number_ = descriptor.release();
  return 0;
}

void Watch::close() {
  if (!state_) return;
  state_->open = false;
  // Asio's own close() leaves it to the kernel to drop the descriptor from the epoll set, which
  // does not happen while another process still has it, as between a fork and its exec: stale
  // events. release() takes it out first.
  Descriptor(state_->stream.release()).close();
  state_.reset();
  number_ = -1;
}

void Watch::when_readable(std::function<void()> handler) { wait(true, std::move(handler)); }
void Watch::when_writable(std::function<void()> handler) { wait(false, std::move(handler)); }

void Watch::wait(bool for_reading, std::function<void()> handler) {
  using Base = asio::posix::descriptor_base;
  state_->stream.async_wait(
      for_reading ? Base::wait_read : Base::wait_write,
      [state = state_, handler = std::move(handler)](const error_code& error) {
        if (!state->open) return;
        state->refused = error.value();
        handler();
      });
}

int Watch::refused() const { return state_ ? state_->refused : 0; }

struct Alarm::State {
  explicit State(asio::io_context& context) : timer(context) {}
  asio::steady_timer timer;
  std::function<void()> handler;
  std::uint64_t generation = 0;  ///< tells a wait from those before it
};

Alarm::Alarm(Loop& loop) : state_(std::make_shared<State>(loop.impl().context)) {}
Alarm::~Alarm() { cancel(); }

void Alarm::set(Clock::time_point time, std::function<void()> handler) {
  state_->handler = std::move(handler);
  state_->timer.expires_at(time);
  state_->timer.async_wait([state = state_, generation = ++state_->generation](const error_code&) {
    if (state->generation != generation || !state->handler) return;
    const std::function<void()> due = std::exchange(state->handler, nullptr);
    due();
  });
}

void Alarm::postpone(Clock::duration by) {
  const Clock::time_point time = state_->timer.expiry();
  if (!is_set() || time > Clock::time_point::max() - by) return;
  set(time + by, std::move(state_->handler));
}

void Alarm::cancel() {
  ++state_->generation;
  state_->handler = nullptr;
  state_->timer.cancel();
}

bool Alarm::is_set() const { return state_->handler != nullptr; }

}  // namespace weir::io
