#include <cerrno>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::system_category(), what);
}

/// As much of it as anybody reads.
void write_all(int descriptor, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + at, text.size() - at);
    if (written < 0 && errno != EINTR) break;
    if (written > 0) at += static_cast<std::size_t>(written);
  }
}

struct Pipe {
  Pipe() { check(pipe2(ends, O_CLOEXEC) != 0 ? errno : 0, "pipe"); }
  int ends[2];
};

Strings environment_with(const std::vector<std::pair<std::string, std::string>>& more) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    all[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : more) all[name] = value;
  Strings entries;
  for (const auto& [name, value] : all) {
    entries.push_back(name);
    (entries.back() += '=') += value;
  }
  return entries;
}

std::vector<char*> pointers(Strings& strings) {
  std::vector<char*> to;
  for (std::string& text : strings) to.push_back(text.data());
  to.push_back(nullptr);
  return to;
}

/// A child with default signals, the folder and the streams that are given, in its own group.
pid_t spawn(const std::string& program, const Start& start, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  check(posix_spawn_file_actions_init(&actions), "posix_spawn");
  check(posix_spawnattr_init(&attributes), "posix_spawn");
  posix_spawn_file_actions_addchdir_np(&actions, start.folder.c_str());
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  sigset_t defaults;
  sigset_t blocked;
  sigfillset(&defaults);
  sigemptyset(&blocked);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &blocked);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  Strings arguments = start.arguments;
  arguments.insert(arguments.begin(), program);
  Strings environment = environment_with(start.environment);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, program.c_str(), &actions, &attributes,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  check(error, program.c_str());
  return pid;
}

}  // namespace

Process::Process(const std::string& program, const Start& start) {
  signal(SIGPIPE, SIG_IGN);  // it may end without having read all of its input
  Pipe in;
  Pipe out;
  Pipe err;
  input_ = in.ends[1];
  out_.descriptor = out.ends[0];
  err_.descriptor = err.ends[0];
  if (start.output_is_closed) {
    close(out_.descriptor);
    out_.descriptor = -1;
    out_.ended = true;
  }
  pid_ = spawn(program, start, in.ends[0], out.ends[1], err.ends[1]);
  close(in.ends[0]);
  close(out.ends[1]);
  close(err.ends[1]);
  if (!out_.ended) out_.reader = std::thread([this] { read(out_); });
  err_.reader = std::thread([this] { read(err_); });
  writer_ = std::thread([this, text = start.input, open = start.input_stays_open] {
    write_all(input_, text);
    if (!open) close(std::exchange(input_, -1));
  });
}

Process::~Process() {
  if (!reaped_) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close_input();
  // Whoever still holds its streams open would be a process that it left behind.
  if (out_.reader.joinable()) out_.reader.join();
  err_.reader.join();
  if (out_.descriptor >= 0) close(out_.descriptor);
  close(err_.descriptor);
}

void Process::read(Stream& stream) {
  char bytes[65536];
  for (;;) {
    const ssize_t got = ::read(stream.descriptor, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    const std::lock_guard lock(mutex_);
    if (got <= 0) stream.ended = true;
    if (got > 0) stream.text.append(bytes, static_cast<std::size_t>(got));
    changed_.notify_all();
    if (stream.ended) return;
  }
}

void Process::wait_for(Stream& stream, const std::string& text) {
  std::unique_lock lock(mutex_);
  const auto written = [&] { return stream.text.find(text) != std::string::npos; };
  changed_.wait_for(lock, kPatience, [&] { return written() || stream.ended; });
  if (!written()) {
    throw std::runtime_error("it never wrote '" + text + "', but:\n" + out_.text + err_.text);
  }
}

std::string Process::error_so_far() {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

void Process::send(int signal) const { kill(pid_, signal); }

void Process::wait_until_stopped() const {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "waitid");
  }
  if (info.si_code != CLD_STOPPED) throw std::runtime_error("it ended, and was not stopped");
}

void Process::write(const std::string& text) {
  if (writer_.joinable()) writer_.join();
  write_all(input_, text);
}

void Process::close_input() {
  if (writer_.joinable()) writer_.join();
  if (input_ >= 0) close(std::exchange(input_, -1));
}

Ended Process::wait() {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (descriptor < 0) throw std::system_error(errno, std::system_category(), "pidfd_open");
  pollfd polled{descriptor, POLLIN, 0};
  const auto most = std::chrono::milliseconds(kPatience).count();
  int ready = -1;
  while ((ready = poll(&polled, 1, static_cast<int>(most))) < 0 && errno == EINTR) {
  }
  close(descriptor);
  if (ready != 1) {
    kill(-pid_, SIGKILL);
    const std::lock_guard lock(mutex_);
    throw std::runtime_error("it didn't end, and has written:\n" + out_.text + err_.text);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  reaped_ = true;

  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [&] { return out_.ended && err_.ended; })) {
    throw std::runtime_error("it ended, but left a process that holds its streams");
  }
  Ended ended;
  if (WIFEXITED(status)) ended.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  ended.out = out_.text;
  ended.err = err_.text;
  return ended;
}

}  // namespace weir::e2e
