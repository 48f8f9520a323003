#include "io/reactor.hpp"

#include <algorithm>
#include <cassert>
#include <exception>
#include <future>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <variant>

#include "io/group_table.hpp"
#include "io/guard.hpp"
#include "io/inbox.hpp"
#include "io/loop.hpp"
#include "io/process_wide.hpp"
#include "io/processes.hpp"
#include "io/signals.hpp"
#include "io/signals_blocked.hpp"
#include "io/stragglers.hpp"
#include "io/thread.hpp"
#include "io/timer_queue.hpp"

namespace weir::io {

namespace {

/// How long what was sent SIGKILL may take to die, before it is given up: it may be stuck in the
/// kernel, or belong to another user (sudo).
constexpr std::chrono::seconds kill_patience{2};

/// How often stragglers are looked for: while all is well, to reap them; when they are to end,
/// first and at most, doubling.
constexpr std::chrono::milliseconds idle_sweep{1000};
constexpr std::chrono::milliseconds first_sweep{1};
constexpr std::chrono::milliseconds longest_sweep{20};

Clock::time_point after_now(std::chrono::nanoseconds after) {
  const Clock::time_point now = Clock::now();
  return after < Clock::time_point::max() - now ? now + after : Clock::time_point::max();
}

std::unique_ptr<Stragglers> make_stragglers(const ReactorOptions& options) {
  auto stragglers = options.adopt_orphans ? adopted_orphans() : groups_left();
  if (options.guard == nullptr) return stragglers;
  return recorded(std::move(stragglers), options.guard->groups());
}

}  // namespace

struct Reactor::Impl {
  struct StartTimer {
    Timer* timer;
    Clock::time_point deadline;
  };

  struct StartProcess {
    Process* process;
    std::unique_ptr<Command> command;
    ProcessTerms terms;
  };

  using Request = std::variant<StartTimer, StartProcess, std::function<void()>>;

  explicit Impl(ReactorOptions its_options);

  // From any thread.
  void request(Request request) noexcept;

  // On the reactor's thread.
  void run() noexcept;
  void take_requests();
  void carry_out(Request& request);
  void terminate();
  enum class Spared { cleanups, nobody };
  void kill(Spared spared);
  void give_up();
  void suspend();
  void close();
  void sweep();
  void sweep_after(Clock::duration pause);

  /// How what is under way is being ended. It only goes forward.
  enum class Stage { running, terminating, killing, given_up };

  const ReactorOptions options;
  ProcessWide process_wide;
  Loop loop;
  TimerQueue timers{loop};
  std::unique_ptr<Stragglers> stragglers;
  Processes processes;
  Stage stage = Stage::running;
  bool closing = false;
  Alarm next_stage{loop};
  Alarm next_sweep{loop};
  Clock::duration sweep_pause = first_sweep;
  std::unique_ptr<Signals> signals;
  Inbox<Request> inbox;
  std::vector<Request> taken;
  std::thread thread;
};

Reactor::Impl::Impl(ReactorOptions its_options)
    : options(std::move(its_options)),
      process_wide(options.adopt_orphans),
      stragglers(make_stragglers(options)),
      processes(
          loop, *stragglers, options,
          [this] {
            if (stage != Stage::running) sweep_after({});
          },
          [this](const std::string& line) {
            options.stuck(line);
            loop.post([this] { kill(Spared::nobody); });
          }) {
  const SignalsBlocked blocked;
  thread = start_thread([this] { run(); });
}

void Reactor::Impl::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "weir-io");
  loop.run();
}

void Reactor::Impl::request(Request request) noexcept {
  if (inbox.put(std::move(request))) loop.post([this] { take_requests(); });
}

void Reactor::Impl::take_requests() {
  inbox.take(taken);
  for (Request& request : taken) carry_out(request);
  taken.clear();
  timers.run_due();
}

void Reactor::Impl::carry_out(Request& request) {
  if (auto* timer = std::get_if<StartTimer>(&request)) {
    if (stage == Stage::running) {
      timers.add(*timer->timer, timer->deadline);
    } else {
      timer->timer->complete(true);
    }
  } else if (auto* process = std::get_if<StartProcess>(&request)) {
    processes.start(*process->process, std::move(process->command), process->terms);
    if (!next_sweep.is_set()) sweep_after(idle_sweep);
  } else {
    std::get<std::function<void()>>(request)();
  }
}

void Reactor::Impl::terminate() {
  if (stage >= Stage::terminating) return;
  stage = Stage::terminating;
  next_stage.set(after_now(options.grace), [this] { kill(Spared::cleanups); });
  timers.cancel_all();
  processes.terminate();
  sweep_pause = first_sweep;
  sweep();
}

void Reactor::Impl::kill(Spared spared) {
  terminate();
  if (spared == Spared::nobody) processes.kill_cleanups();
  if (stage >= Stage::killing) return;
  stage = Stage::killing;
  next_stage.set(after_now(kill_patience), [this] { give_up(); });
  processes.kill();
  sweep_pause = first_sweep;
  sweep();
}

void Reactor::Impl::give_up() {
  stage = Stage::given_up;
  processes.abandon();
  sweep();
}

void Reactor::Impl::suspend() {
  processes.suspend();
  const Clock::time_point stopped = Clock::now();
  stop_this_process();
  const Clock::duration pause = Clock::now() - stopped;
  next_stage.postpone(pause);
  processes.resume(pause);
}

void Reactor::Impl::close() {
  closing = true;
  terminate();
  sweep_after({});
}

/// Looks after what children have left behind, and ends the loop when nothing more can come.
void Reactor::Impl::sweep() {
  const int signal = stage == Stage::running ? 0 : stage == Stage::terminating ? SIGTERM : SIGKILL;
  const bool left = stragglers->sweep(signal);
  const bool under_way = processes.under_way() > 0;
  if (closing && !under_way && inbox.empty() && (!left || stage == Stage::given_up)) {
    return loop.stop();
  }
  if (stage == Stage::running) {
    if (left || under_way) sweep_after(idle_sweep);
  } else if (left || under_way || closing) {
    sweep_after(sweep_pause);
    sweep_pause = std::min<Clock::duration>(2 * sweep_pause, longest_sweep);
  }
}

void Reactor::Impl::sweep_after(Clock::duration pause) {
  next_sweep.set(Clock::now() + pause, [this] { sweep(); });
}

Reactor::Reactor(ReactorOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Reactor::~Reactor() {
  assert(std::this_thread::get_id() != impl_->thread.get_id());
  post([impl = impl_.get()] { impl->close(); });
  impl_->thread.join();
}

void Reactor::start_timer(Timer& timer, std::chrono::nanoseconds after) noexcept {
  impl_->request(Impl::StartTimer{&timer, after_now(after)});
}

void Reactor::start_process(Process& process, Command command, ProcessTerms terms) noexcept {
  impl_->processes.announce();
  impl_->request(
      Impl::StartProcess{&process, std::make_unique<Command>(std::move(command)), terms});
}

void Reactor::post(std::function<void()> task) { impl_->request(std::move(task)); }

void Reactor::begin_nothing() {
  post([impl = impl_.get()] { impl->processes.begin_nothing(); });
}

void Reactor::cancel_all() {
  post([impl = impl_.get()] { impl->terminate(); });
}

void Reactor::kill_all() {
  post([impl = impl_.get()] { impl->kill(Impl::Spared::nobody); });
}

void Reactor::suspend() {
  post([impl = impl_.get()] { impl->suspend(); });
}

void Reactor::on_signal(const std::vector<int>& signals, std::function<void(int)> handler) {
  impl_->signals = std::make_unique<Signals>(impl_->loop, signals, std::move(handler));
  std::promise<void> listens;
  post([impl = impl_.get(), &listens] {
    try {
      impl->signals->listen();
      listens.set_value();
    } catch (...) {
      listens.set_exception(std::current_exception());
    }
  });
  listens.get_future().get();
}

std::string Reactor::lacks() const { return impl_->processes.lacks(); }

std::size_t Reactor::processes() const { return impl_->processes.under_way(); }

}  // namespace weir::io
