#pragma once

/// What the tests of io share: things to wait for, commands, and a look at this process.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <signal.h>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "io/proc.hpp"
#include "io/reactor.hpp"

namespace weir::io::test {

using namespace std::chrono_literals;

/// Longer than anything should take, even with sanitizers on a loaded machine.
inline constexpr auto patience = 60s;

class AwaitedProcess final : public Process {
 public:
  void complete(ProcessOutcome outcome) noexcept override {
    outcome_.set_value(std::move(outcome));
  }

  ProcessOutcome wait() {
    if (future_.wait_for(patience) != std::future_status::ready) {
      ADD_FAILURE() << "the process was not completed";
      std::abort();  // the reactor would write to it later
    }
    return future_.get();
  }

 private:
  std::promise<ProcessOutcome> outcome_;
  std::future<ProcessOutcome> future_ = outcome_.get_future();
};

class AwaitedTimer final : public Timer {
 public:
  void complete(bool cancelled) noexcept override { cancelled_.set_value(cancelled); }

  /// Whether it was cancelled.
  bool wait() {
    if (future_.wait_for(patience) != std::future_status::ready) {
      ADD_FAILURE() << "the timer was not completed";
      std::abort();
    }
    return future_.get();
  }

 private:
  std::promise<bool> cancelled_;
  std::future<bool> future_ = cancelled_.get_future();
};

/// Counts down to 0; complaints if it goes on.
class Countdown {
 public:
  explicit Countdown(int count) : count_(count) {}

  void arrive() {
    const std::lock_guard lock(mutex_);
    if (--count_ <= 0) changed_.notify_all();
  }

  /// True when it is exactly 0.
  bool wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return count_ <= 0; });
    return count_ == 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_;
};

inline Command command(std::vector<std::string> argv) {
  Command result;
  result.argv = std::move(argv);
  return result;
}

inline Command shell(std::string text) { return command({"sh", "-c", std::move(text)}); }

inline ProcessOutcome run(Reactor& reactor, Command command) {
  AwaitedProcess process;
  reactor.start_process(process, std::move(command));
  return process.wait();
}

inline ProcessOutcome run(Command command) {
  Reactor reactor;
  return run(reactor, std::move(command));
}

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir-io-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_; }
  std::string file(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, const std::string& text, int mode = 0644) const {
    std::ofstream(file(name)) << text;
    std::filesystem::permissions(file(name), static_cast<std::filesystem::perms>(mode));
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

/// A named pipe: a test reads a line from it, and so waits for a child that has got that far.
class Signpost {
 public:
  explicit Signpost(const TemporaryFolder& folder, const std::string& name = "signpost")
      : path_(folder.file(name)) {
    if (::mkfifo(path_.c_str(), 0600) != 0) std::abort();
  }
  const std::string& path() const { return path_; }
  std::string read_line() const {
    std::ifstream in(path_);
    std::string line;
    std::getline(in, line);
    return line;
  }
  void write_line() const { std::ofstream(path_) << "go\n"; }

 private:
  std::string path_;
};

/// A process that is not a zombie has this number.
inline bool is_alive(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const char state = text.at(text.rfind(')') + 2);
  return state != 'Z' && state != 'X';
}

inline std::set<std::string> open_descriptors() {
  std::set<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry.path(), gone);
    // The one that lists the folder is closed again.
    if (gone || target.string().ends_with("/fd")) continue;
    result.insert(entry.path().filename().string() + " " + target.string());
  }
  return result;
}

/// A soft limit for as long as it exists.
class SoftLimit {
 public:
  SoftLimit(__rlimit_resource resource, rlim_t value) : resource_(resource) {
    ::getrlimit(resource_, &old_);
    const rlimit limit{value, old_.rlim_max};
    if (::setrlimit(resource_, &limit) != 0) std::abort();
  }
  ~SoftLimit() { ::setrlimit(resource_, &old_); }
  SoftLimit(const SoftLimit&) = delete;
  SoftLimit& operator=(const SoftLimit&) = delete;

 private:
  __rlimit_resource resource_;
  rlimit old_{};
};

inline rlim_t lowest_free_descriptor() {
  const int number = ::open("/dev/null", O_RDONLY);
  ::close(number);
  return static_cast<rlim_t>(number);
}

class Stopwatch {
 public:
  std::chrono::duration<double> elapsed() const {
    return std::chrono::steady_clock::now() - start_;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace weir::io::test
