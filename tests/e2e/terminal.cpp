#include "terminal.hpp"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace weir::e2e {

Terminal::Terminal(const Strings& command, const Start& start, unsigned short columns,
                   unsigned short rows) {
  // All that allocates comes before the fork: other threads may hold locks.
  Strings words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  for (const auto& [name, value] : start.environment) setenv(name.c_str(), value.c_str(), 1);
  const winsize size{rows, columns, 0, 0};
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    if (chdir(start.folder.c_str()) == 0) execv(arguments[0], arguments.data());
    _exit(127);
  }
  const int error = errno;
  for (const auto& [name, value] : start.environment) unsetenv(name.c_str());
  if (pid_ < 0) throw std::system_error(error, std::system_category(), "forkpty");
}

Terminal::~Terminal() {
  const pid_t foreground = tcgetpgrp(terminal_);
  if (foreground > 1 && foreground != getpgrp()) kill(-foreground, SIGKILL);
  kill(-pid_, SIGKILL);
  close(terminal_);
  waitpid(pid_, nullptr, 0);
}

void Terminal::type(const std::string& keys) const {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::system_error(errno, std::system_category(), "write to a terminal");
  }
}

void Terminal::resize(unsigned short columns, unsigned short rows) const {
  const winsize size{rows, columns, 0, 0};
  if (ioctl(terminal_, TIOCSWINSZ, &size) != 0) {
    throw std::system_error(errno, std::system_category(), "TIOCSWINSZ");
  }
}

void Terminal::wait_for(const std::string& text) {
  for (;;) {
    const std::size_t at = screen_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return;
    }
    if (!read_more()) {
      throw std::runtime_error("'" + text + "' never came on the screen:\n" + screen_);
    }
  }
}

void Terminal::wait_for_end() {
  while (read_more()) {
  }
}

bool Terminal::read_more() {
  pollfd polled{terminal_, POLLIN, 0};
  const auto most = std::chrono::milliseconds(kPatience).count();
  char bytes[4096];
  for (;;) {
    ssize_t got = poll(&polled, 1, static_cast<int>(most));
    if (got == 0) throw std::runtime_error("nothing comes from the terminal:\n" + screen_);
    if (got > 0) got = read(terminal_, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    screen_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
}

}  // namespace weir::e2e
