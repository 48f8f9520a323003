#include "io/child.hpp"

#include <cerrno>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/exhaustion.hpp"
#include "io/group_table.hpp"
#include "io/guard.hpp"
#include "io/launch.hpp"
#include "io/spawn.hpp"

namespace weir::io {

namespace {

constexpr std::chrono::milliseconds pidfd_retry{10};

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
  if (failure != 0) return Start::exhausted;  // nothing else can be wrong with a pipe
  const int in_number = command.has_input ? in.get() : setup_.null.get();
  started_ = Clock::now();
  failure =
      spawn(launch, {in_number, out.get(), err.get()}, setup_.defaults, setup_.starting, pid_);
  exhaustion_ = failure;
  if (is_exhaustion(failure)) return Start::exhausted;
  if (failure != 0) {
    error = explain_failure(command, launch, failure);
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

/// As waitid(2), which the system call does more than: it also tells what was used.
int wait_for(int pidfd, siginfo_t& info, rusage& used) {
  return static_cast<int>(::syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG, &used));
}

std::chrono::nanoseconds cpu_of(const rusage& used) {
  const auto time = [](const timeval& at) {
    return std::chrono::seconds(at.tv_sec) + std::chrono::microseconds(at.tv_usec);
  };
  return time(used.ru_utime) + time(used.ru_stime);
}

}  // namespace

void Child::watch_exit() {
  Descriptor pidfd = open_pidfd(pid_);
  if (!pidfd || exit_.open(std::move(pidfd)) != 0) {
    // Another thread took the descriptors that have just become free. The child runs, so there is
    // no way back; its number stays its own until we reap it.
    return alarm_.set(Clock::now() + pidfd_retry, [this] { watch_exit(); });
  }
  exit_.when_readable([this] { reap(); });
}

void Child::reap() {
  // While the leader is a zombie its number can't mean another group.
  if (last_signal_ == SIGKILL) ::kill(-pid_, SIGKILL);
  siginfo_t info{};
  rusage used{};
  const int waited = wait_for(exit_.descriptor(), info, used);
  if (waited == 0 && info.si_pid == 0) return exit_.when_readable([this] { reap(); });
  setup_.stragglers.leader_reaped(pid_, last_signal_);
  exited_ = result_of(info);
  cpu_ = cpu_of(used);
  if (waited != 0) exited_->status = -1;  // other code of this process has reaped it: not known
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
  return exit_.is_open() &&
         ::waitid(P_PIDFD, static_cast<id_t>(exit_.descriptor()), &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid != 0;
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
  outcome.error = std::move(error);
  outcome.cpu = cpu_;
  if (exited_) outcome.result = std::move(*exited_);
  outcome.result.out = out_.take_kept();
  outcome.result.err = err_.take_kept();
  outcome.result.out_dropped = out_.dropped();
  outcome.result.err_dropped = err_.dropped();
  owner_.child_ended(*this, std::move(outcome));
}

}  // namespace weir::io
