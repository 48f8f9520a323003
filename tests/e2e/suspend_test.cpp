#include <csignal>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <unistd.h>

#include "support.hpp"
#include "terminal.hpp"

namespace weir::e2e {
namespace {

/// 'T' is stopped, ' ' is gone.
char state_of(pid_t pid) {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(pid) + "/stat").rdbuf();
  const std::string stat = text.str();
  const std::size_t behind_name = stat.rfind(')');
  return behind_name == std::string::npos ? ' ' : stat.at(behind_name + 2);
}

/// A process that has been sent a signal shows it a moment later, and nothing tells when.
void wait_until_stopped(pid_t pid, bool stopped = true) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while ((state_of(pid) == 'T') != stopped) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it never was");
    sched_yield();
  }
}

class Suspend : public EndToEnd {
 protected:
  /// The number of the process that says it next.
  static pid_t next(Signpost& signpost) { return std::stoi(signpost.read_line()); }

  const Mark mark;
};

TEST_F(Suspend, BySigtstpStopsTheCommandsToo) {
  Signpost started(folder, "started");
  const auto process = begin(
      "a: {source: range, to: 2}\n"
      "b: {from: a, shell: 'sleep 1000 & echo $$$$ >started; echo $! >started; wait'}",
      {.environment = {mark.entry()}});
  std::vector<pid_t> commands;
  for (int i = 0; i < 4; ++i) commands.push_back(next(started));
  for (int round = 0; round < 3; ++round) {
    process->send(SIGTSTP);
    process->wait_until_stopped();
    for (const pid_t command : commands) wait_until_stopped(command);
    process->send(SIGCONT);
    for (const pid_t command : commands) wait_until_stopped(command, false);
  }
  process->send(SIGTERM);
  process->wait_for_error("once more to end");
  process->send(SIGTERM);
  EXPECT_EQ(process->wait().status, 143);
  EXPECT_EQ(mark.bearers(), Strings());
}

TEST_F(Suspend, LetsNoTimeoutRun) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto process = begin(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: 'echo >started; read LINE <go', timeout: 2s}");
  started.read_line();
  process->send(SIGTSTP);
  process->wait_until_stopped();
  std::this_thread::sleep_for(std::chrono::seconds(2));  // what must pass without effect
  process->send(SIGCONT);
  go.write_line("go on");
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(Suspend, EndsWhatItHadStoppedIfItIsKilled) {
  Signpost started(folder, "started");
  const auto process = begin(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: 'sleep 1000 & echo $! >started; wait'}",
      {.environment = {mark.entry()}});
  const pid_t command = next(started);
  process->send(SIGTSTP);
  process->wait_until_stopped();
  wait_until_stopped(command);
  process->send(SIGKILL);
  EXPECT_EQ(process->wait().signal, SIGKILL);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!mark.bearers().empty() && std::chrono::steady_clock::now() < end) sched_yield();
  EXPECT_EQ(mark.bearers(), Strings());
}

TEST_F(Suspend, BySigstopLetsCommandsGoOn) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto process = begin(R"(
a: {source: range, to: 1}
b: {from: a, shell: 'echo $$$$ >started; read LINE <go; echo $LINE', emit: stdout}
c: {from: b, shell: 'cat; echo $$$$ >started', stdin: item, emit: stdout}
d: {from: c, function: sleep, for: 1ms}
e: {from: d, sink: print})");
  const pid_t command = next(started);
  process->send(SIGSTOP);
  process->wait_until_stopped();
  go.write_line("went on");
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (state_of(command) != 'Z' && std::chrono::steady_clock::now() < end) sched_yield();
  EXPECT_EQ(state_of(command), 'Z');  // it waits for weir to see its end
  process->send(SIGCONT);
  next(started);
  const Ended ended = process->wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("went on"), std::string::npos) << ended.out;
}

/// At a terminal, started by a shell with job control.
class SuspendAtATerminal : public Suspend {
 protected:
  std::unique_ptr<Terminal> begin_at_terminal(const std::string& nodes, const std::string& script) {
    folder.write("test.yaml", pipeline(nodes));
    folder.write("script.sh", script);
    return std::make_unique<Terminal>(
        Strings{"/bin/bash", "-m", "script.sh"},
        Start{.environment = {mark.entry(), {"WEIR", WEIR_BINARY}}, .folder = folder.path()});
  }
};

TEST_F(SuspendAtATerminal, CtrlZStopsAndFgContinues) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: 'echo $$$$ >started; read LINE <go'}",
      "$WEIR run test.yaml\necho shell: $?\nread LINE\nfg\necho shell: $?\nread LINE\n");
  const pid_t command = next(started);
  terminal->type("\x1a");
  terminal->wait_for("shell: 148");  // 128 + SIGTSTP
  wait_until_stopped(command);
  terminal->type("\n");
  wait_until_stopped(command, false);
  go.write_line("go");
  terminal->wait_for("done in ");
  terminal->wait_for("shell: 0");
}

TEST_F(SuspendAtATerminal, CtrlCStopsTheRunAndLeavesTheGuard) {
  Signpost started(folder, "started");
  const auto terminal = begin_at_terminal(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: '(setsid sh -c \"echo >started; exec sleep 1000\" &); sleep 1000'}",
      "$WEIR run test.yaml &\necho process: $!.\nfg\necho shell: $?\nread LINE\n");
  terminal->wait_for("process: ");
  terminal->wait_for(".");
  const std::size_t number = terminal->screen().find("process: ") + 9;
  const pid_t weir = std::stoi(terminal->screen().substr(number));
  started.read_line();
  terminal->type("\x03");
  terminal->wait_for("once more to end");
  kill(weir, SIGKILL);
  terminal->wait_for("shell: 137");
  const auto left = [&] {
    Strings bearers = mark.bearers();
    std::erase_if(bearers, [](const std::string& line) {
      return line.find("script.sh") != std::string::npos;
    });
    return bearers;
  };
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!left().empty() && std::chrono::steady_clock::now() < end) sched_yield();
  EXPECT_EQ(left(), Strings());
}

TEST_F(SuspendAtATerminal, CtrlCTwiceEndsTheRun) {
  Signpost started(folder, "started");
  const auto terminal = begin_at_terminal(
      "a: {source: range, to: 1}\n"
      "b: {from: a, shell: 'echo >started; exec sleep 1000'}",
      "trap : INT\n$WEIR run test.yaml\necho shell: $?\nread LINE\n");
  started.read_line();
  terminal->type("\x03");
  terminal->wait_for("once more to end");
  terminal->type("\x03");
  terminal->wait_for("stopped in ");
  terminal->wait_for("shell: 130");
}

}  // namespace
}  // namespace weir::e2e
