#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <random>
#include <sstream>
#include <sys/syscall.h>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Commands that are hard to end, each in its own way. $1 tells them from those of other runs.
constexpr const char* kCommands = R"(
case $KIND in
  plain) echo >started; exec sleep "1000.$1" ;;
  grandchildren) (sleep "1000.$1" & sleep "1000.$1") & echo >started; wait ;;
  orphans) (sleep "1000.$1" &); echo >started; sleep "1000.$1" ;;
  session) setsid sh -c 'sleep "1000.$1"; true' - "$1" & echo >started; wait ;;
  orphaned_session) (setsid sh -c 'sleep "1000.$1"; true' - "$1" &); echo >started; sleep "1000.$1" ;;
  unmarked) (env -i sleep "1000.$1" &); echo >started; sleep "1000.$1" ;;
  unmarked_session) (setsid sh -c 'env -i sleep "1000.$1"; true' - "$1" &); echo >started; sleep "1000.$1" ;;
  busy) while :; do (sleep "1000.$1" &); sleep 0.01; echo >started; done ;;
  forks_at_its_end)
    trap '(sleep "1000.$1" &); (setsid sleep "1000.$1" &); exit' TERM
    echo >started
    while :; do sleep 0.01; done ;;
  stubborn) trap '' TERM INT HUP; echo >started; while :; do sleep "1000.$1"; done ;;
esac
)";
constexpr const char* kKinds =
    "plain, grandchildren, orphans, session, orphaned_session, unmarked, unmarked_session, busy";
/// These end only by SIGKILL; or what they start when they are asked to end.
constexpr const char* kStubbornKinds = ", stubborn, stubborn, forks_at_its_end";

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Empty if the process is gone, or another user's.
std::string read_of(const std::string& process, const char* name) {
  std::ostringstream text;
  text << std::ifstream("/proc/" + process + "/" + name, std::ios::binary).rdbuf();
  return text.str();
}

bool is_alive(const std::string& process) {
  const std::string stat = read_of(process, "stat");
  const std::size_t behind_name = stat.rfind(')');
  if (behind_name == std::string::npos || behind_name + 2 >= stat.size()) return false;
  return stat[behind_name + 2] != 'Z' && stat[behind_name + 2] != 'X';
}

/// The processes that have `text` in their command line or in their environment.
std::vector<pid_t> processes_with(const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string process = entry.path().filename();
    if (process.find_first_not_of("0123456789") != std::string::npos) continue;
    if (std::stoi(process) == getpid()) continue;
    for (const char* file : {"cmdline", "environ"}) {
      if (read_of(process, file).find(text) == std::string::npos) continue;
      if (is_alive(process)) found.push_back(std::stoi(process));
      break;
    }
  }
  return found;
}

std::string command_line(pid_t pid) {
  std::string text = read_of(std::to_string(pid), "cmdline");
  std::replace(text.begin(), text.end(), '\0', ' ');
  return std::to_string(pid) + ": " + text;
}

/// Whether the process ends while there is patience. Its number may be gone already.
bool ends(pid_t pid) {
  const int process = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (process < 0) return true;
  pollfd polled{process, POLLIN, 0};
  const int ready = poll(&polled, 1, 20'000);
  close(process);
  return ready == 1;
}

/// Runs that are ended at random moments.
class Survivors : public EndToEnd {
 protected:
  Survivors() {
    std::cout << "WEIR_SEED=" << seed_ << "\n";
    folder.write("commands.sh", kCommands);
  }

  std::uint64_t stops() const { return number_from("WEIR_STOPS", 8); }

  /// A run of commands that end only if they are ended. Everything of it has the number.
  std::unique_ptr<Process> begin_run(const std::string& number, const std::string& kinds) {
    return begin("a: {source: list, items: [" + kinds +
                     "]}\n"
                     "b: {from: a, shell: 'exec sh commands.sh " +
                     number + "', env: {KIND: '${{ item }}'}}",
                 {.environment = {{"WEIR_TEST_MARK", number}}});
  }
  std::string new_number() {
    return std::to_string(seed_ % 1'000'000'000) + std::to_string(getpid()) +
           std::to_string(++runs_);
  }

  /// A moment is what is wanted here: nothing is waited for.
  void let_pass_up_to(std::chrono::microseconds most) {
    std::uniform_int_distribution<std::int64_t> any(0, most.count());
    std::this_thread::sleep_for(std::chrono::microseconds(any(random_)));
  }

  /// The first lets what runs go on, the second asks it to end, the third, if need be, kills.
  void stops_by(int signal) {
    for (std::uint64_t i = 0; i < stops(); ++i) {
      SCOPED_TRACE(i);
      const bool third = i % 2 == 0;  // some take 5 s otherwise
      Signpost started(folder, "started");
      const std::string number = new_number();
      const auto process = begin_run(number, kKinds + (third ? std::string(kStubbornKinds) : ""));
      started.read_line();
      let_pass_up_to(std::chrono::milliseconds(40));
      process->send(signal);
      process->wait_for_error("once more to end");
      let_pass_up_to(std::chrono::milliseconds(5));
      process->send(signal);
      if (third) {
        process->wait_for_error("once more to kill");
        let_pass_up_to(std::chrono::milliseconds(10));
        process->send(signal);
      }
      const Ended ended = process->wait();
      EXPECT_EQ(ended.status, 128 + signal) << ended.err;
      Strings left;
      for (const pid_t pid : processes_with(number)) left.push_back(command_line(pid));
      EXPECT_EQ(left, Strings());
      std::filesystem::remove(folder.file("started"));
    }
  }

 private:
  std::uint64_t seed_ = number_from("WEIR_SEED", std::random_device()());
  std::mt19937_64 random_{seed_};
  int runs_ = 0;
};

TEST_F(Survivors, AreNotLeftBySigint) { stops_by(SIGINT); }
TEST_F(Survivors, AreNotLeftBySigterm) { stops_by(SIGTERM); }
TEST_F(Survivors, AreNotLeftBySighup) { stops_by(SIGHUP); }

TEST_F(Survivors, AreNotLeftBySigkill) {
  Strings numbers;
  for (std::uint64_t i = 0; i < stops(); ++i) {
    SCOPED_TRACE(i);
    Signpost started(folder, "started");
    numbers.push_back(new_number());
    const auto process = begin_run(numbers.back(), kKinds + std::string(kStubbornKinds));
    const bool early = i % 4 == 0;  // perhaps before there is a run
    if (!early) started.read_line();
    let_pass_up_to(std::chrono::milliseconds(early ? 30 : 60));
    process->send(SIGKILL);
    EXPECT_EQ(process->wait().signal, SIGKILL);
    // The guard has begun, or is about to.
    for (std::vector<pid_t> left; !(left = processes_with(numbers.back())).empty();) {
      for (const pid_t pid : left) ASSERT_TRUE(ends(pid)) << command_line(pid);
    }
    std::filesystem::remove(folder.file("started"));
  }
  for (const std::string& number : numbers) EXPECT_EQ(processes_with(number).size(), 0U);
}

TEST_F(Survivors, ThatForkAndExitAllTheTimeAreKilledToo) {
  Signpost started(folder, "started");
  folder.write("chain.sh", "echo >started\nsleep 0.01\nsh chain.sh \"$1\" &\n");
  const std::string number = new_number();
  const auto process = begin(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: '(sh chain.sh " +
      number + " &); sleep 1000'}");
  for (int i = 0; i < 3; ++i) started.read_line();
  process->send(SIGKILL);
  EXPECT_EQ(process->wait().signal, SIGKILL);
  for (std::vector<pid_t> left; !(left = processes_with(number)).empty();) {
    for (const pid_t pid : left) ASSERT_TRUE(ends(pid)) << command_line(pid);
  }
}

}  // namespace
}  // namespace weir::e2e
