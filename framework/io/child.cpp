#include "io/child.hpp"

#include <cerrno>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "io/exhaustion.hpp"
#include "io/group_table.hpp"
#include "io/guard.hpp"
#include "io/launch.hpp"
#include "io/system_error.hpp"

namespace weir::io {

namespace {

/// How often a child is looked at that the system has no room to watch.
constexpr std::chrono::milliseconds exit_look_pause{10};

ProcessResult result_of(const siginfo_t& info) {
  ProcessResult result;
  if (info.si_code == CLD_EXITED) {
    result.status = info.si_status;
  } else {
    result.signal = info.si_status;
    result.status = 128 + info.si_status;
  }
  return result;
}

}  // namespace

ChildSetup::ChildSetup(Loop& its_loop, Stragglers& its_stragglers, const ReactorOptions& options)
    : loop(its_loop),
      stragglers(its_stragglers),
      drain(options.drain),
      grace(options.grace),
      environment(Environment::of_this_process().with(options.environment)) {
  if (options.guard != nullptr) {
    environment = environment.with({options.guard->mark()});
    starting = &options.guard->groups().starting();
  }
  ::sigemptyset(&defaults);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGCHLD, SIGINT, SIGQUIT, SIGTERM}) {
    ::sigaddset(&defaults, signal);
  }
  for (const int signal : {SIGHUP, SIGTSTP}) {  // nohup, and shells without job control
    struct sigaction before {};
    const bool is_ignored =
        ::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (!is_ignored) ::sigaddset(&defaults, signal);
  }
}

Child::Child(ChildSetup& setup, Owner& owner, Process& process, std::size_t output_cap)
    : setup_(setup),
      owner_(owner),
      input_(setup.loop),
      out_(setup.loop, output_cap,
           [&process](std::string_view bytes) { process.wrote(Stream::out, bytes); }),
      err_(setup.loop, output_cap,
           [&process](std::string_view bytes) { process.wrote(Stream::err, bytes); }),
      exit_(setup.loop),
      alarm_(setup.loop) {}

Child::Start Child::start(Command& command, std::chrono::nanoseconds timeout, std::string& error) {
  Launch launch;
  error = prepare(command, setup_.environment, launch);
  if (!error.empty()) return Start::refused;

  Descriptor in, out, err;  // the child's ends
  int failure = out_.open(out);
  if (failure == 0) failure = err_.open(err);
  if (failure == 0 && command.has_input) failure = input_.open(in);
  exhaustion_ = failure;
  if (is_exhaustion(failure)) return Start::exhausted;
  if (failure != 0) {
    error = "no pipe can be made for a command: " + message_of(failure);
    return Start::impossible;
  }
  const int in_number = command.has_input ? in.get() : setup_.null.get();
  started_ = Clock::now();
  const SpawnEnd spawned = setup_.spawner.spawn(launch, {in_number, out.get(), err.get()},
                                                setup_.defaults, setup_.starting, pid_);
  exhaustion_ = spawned.error;
  if (is_exhaustion(spawned.error)) return Start::exhausted;
  if (!spawned.has_process) {
    error = "no process can be made for a command: " + message_of(spawned.error);
    return Start::impossible;
  }
  if (spawned.error != 0) {
    error = explain_failure(command, launch, spawned.error);
    return Start::refused;
  }

  setup_.stragglers.leader_started(pid_);
  if (command.has_input) input_.start(std::move(command.input));
  out_.start([this] { end_of_output(); });
  err_.start([this] { end_of_output(); });
  for (Descriptor* childs : {&in, &out, &err}) childs->close();
  watch_exit();
  if (timeout < Clock::time_point::max() - started_) {
    timeout_ = std::make_unique<Alarm>(setup_.loop);
    timeout_->set(started_ + timeout, [this] { time_out(); });
  }
  return Start::started;
}

namespace {

std::chrono::nanoseconds cpu_of(const rusage& used) {
  const auto time = [](const timeval& at) {
    return std::chrono::seconds(at.tv_sec) + std::chrono::microseconds(at.tv_usec);
  };
  return time(used.ru_utime) + time(used.ru_stime);
}

}  // namespace

/// There may be no room for it: another thread took the descriptors that have just become free,
/// say. The child runs, so there is no way back. Its number stays its own until we reap it: then we
/// look at it again and again.
void Child::watch_exit() {
  Descriptor pidfd = open_pidfd(pid_);
  if (pidfd && exit_.open(std::move(pidfd)) == 0) {
    exit_.when_readable([this] { reap(); });
  } else {
    alarm_.set(Clock::now() + exit_look_pause, [this] { look_for_exit(); });
  }
}

void Child::look_for_exit() {
  siginfo_t info{};
  const bool is_running = wait_for_exit(info, nullptr, WNOWAIT) == 0 && info.si_pid == 0;
  if (!is_running) return reap();
  exit_.close();
  watch_exit();
}

/// As waitid(2), which the system call does more than: it also tells what was used.
int Child::wait_for_exit(siginfo_t& info, rusage* used, int options) const {
  const idtype_t kind = exit_.is_open() ? P_PIDFD : P_PID;
  const int number = exit_.is_open() ? exit_.descriptor() : pid_;
  return static_cast<int>(
      ::syscall(SYS_waitid, kind, number, &info, WEXITED | WNOHANG | options, used));
}

void Child::reap() {
  // While the leader is a zombie its number can't mean another group.
  if (last_signal_ == SIGKILL) ::kill(-pid_, SIGKILL);
  siginfo_t info{};
  rusage used{};
  const int waited = wait_for_exit(info, &used, 0);
  const int wait_error = errno;
  if (waited == 0 && info.si_pid == 0) {  // not yet, or nobody would tell us
    return alarm_.set(Clock::now() + exit_look_pause, [this] { look_for_exit(); });
  }
  setup_.stragglers.leader_reaped(pid_, last_signal_);
  exited_ = result_of(info);
  cpu_ = cpu_of(used);
  if (waited != 0) {  // other code of this process has reaped it, say
    exited_->status = -1;
    lost_ = wait_error;
  }
  exited_->seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  exit_.close();
  input_.close();
  out_.read_available();
  err_.read_available();
  if (!out_.is_open() && !err_.is_open()) return end();
  alarm_.set(Clock::now() + setup_.drain, [this] { end(); });
}

void Child::end_of_output() {
  if (exited_ && !out_.is_open() && !err_.is_open()) end();
}

/// Also if we have not been told yet: we may have been stopped meanwhile.
bool Child::has_exited() const {
  if (exited_) return true;
  siginfo_t info{};
  return wait_for_exit(info, nullptr, WNOWAIT) == 0 && info.si_pid != 0;
}

void Child::time_out() {
  if (has_exited() || last_signal_ != 0) return;
  timed_out_ = true;
  terminate();
  timeout_->set(Clock::now() + setup_.grace, [this] { kill(); });
}

void Child::terminate() {
  if (exited_) return;
  last_signal_ = SIGTERM;
  ::kill(-pid_, SIGTERM);
  ::kill(-pid_, SIGCONT);  // a stopped process does not notice it otherwise
}

void Child::kill() {
  if (exited_) return;
  last_signal_ = SIGKILL;
  ::kill(-pid_, SIGKILL);
}

void Child::suspend() {
  if (!exited_) ::kill(-pid_, SIGSTOP);
}

void Child::resume(Clock::duration pause) {
  if (exited_) return;
  ::kill(-pid_, SIGCONT);
  if (timeout_) timeout_->postpone(pause);
}

void Child::abandon() {
  if (exited_) return end();
  setup_.stragglers.leader_reaped(pid_, last_signal_);
  end("process " + std::to_string(pid_) + " could not be ended, not even by SIGKILL");
}

void Child::end(std::string error) {
  alarm_.cancel();
  timeout_.reset();
  exit_.close();
  input_.close();
  out_.close();
  err_.close();
  ProcessOutcome outcome;
  outcome.end = last_signal_ == 0 ? ProcessEnd::exited
                : timed_out_      ? ProcessEnd::timed_out
                                  : ProcessEnd::cancelled;
  outcome.error = error.empty() ? explain_faults() : std::move(error);
  outcome.cpu = cpu_;
  if (exited_) outcome.result = std::move(*exited_);
  outcome.result.out = out_.take_kept();
  outcome.result.err = err_.take_kept();
  outcome.result.out_dropped = out_.dropped();
  outcome.result.err_dropped = err_.dropped();
  owner_.child_ended(*this, std::move(outcome));
}

/// What of its end and its streams could not be passed on; empty if all was.
std::string Child::explain_faults() const {
  std::string lines;
  const auto add = [&](const std::string& line) { lines += (lines.empty() ? "" : "; ") + line; };
  const auto unread = [&](const char* stream, const OutputPipe& pipe) {
    if (pipe.error() == 0) return;
    add(std::string("the command's standard ") + stream + " can't be read any more (" +
        message_of(pipe.error()) + "): the rest of it is lost");
  };
  if (lost_ != 0) add("how the command ended can't be known (" + message_of(lost_) + ")");
  unread("output", out_);
  unread("error", err_);
  if (input_.error() != 0) {
    add("the command's standard input can't be written (" + message_of(input_.error()) +
        "): it did not get all of it");
  }
  return lines;
}

}  // namespace weir::io
