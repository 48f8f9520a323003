#pragma once

/// The world around a node under test: a clock that a test need not wait for, programs that it
/// answers itself. Included by <weir/testing.hpp>.

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <weir/task.hpp>

namespace weir::testing {

/// Time is virtual: it stands still while a node works, and jumps to the end of the next `sleep` or
/// `run` when all items in hand wait. No program is run. Not thread-safe.
class TestHost final : public Host {
 public:
  /// What a program does: gives its result, whose `seconds` are the virtual time that it takes, or
  /// throws ProcessError as if it could not be started.
  using Program = std::function<ProcessResult(const Command& command)>;

  TestHost() = default;
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;

  /// From now on this answers what nodes `run`. Until then, running anything fails the item.
  void answer(Program program) { program_ = std::move(program); }

  /// The run is being stopped, now or at a time on the virtual clock: what waits then is cancelled.
  void stop() { stop_at(now_); }
  void stop_at(std::chrono::nanoseconds time) {
    stop_time_ = time;
    if (time <= now_) cancel_all();
  }

  /// The virtual clock; starts at 0.
  std::chrono::nanoseconds now() const { return now_; }
  /// What was run, in order.
  const std::vector<Command>& commands() const { return commands_; }
  const std::vector<std::string>& notes() const { return notes_; }
  /// All that was printed on standard output.
  const std::string& printed() const { return printed_; }

  /// Whether the node has said that it wants no more items.
  bool has_enough() const { return enough_; }

  bool stopping() const noexcept override { return stopping_; }
  void enough() noexcept override { enough_ = true; }
  /// Really waits for the descriptor, which should be ready, unless the run is being stopped.
  bool wait_readable(int descriptor) override {
    pollfd polled{descriptor, POLLIN, 0};
    while (!stopping_ && poll(&polled, 1, -1) < 0) {
      if (errno != EINTR) throw std::system_error(errno, std::system_category(), "poll");
    }
    return !stopping_;
  }
  void note(std::string_view line) noexcept override { notes_.emplace_back(line); }
  void print(std::string_view lines) override { printed_ += lines; }

  /// For NodeUnderTest: ends the wait that ends first and resumes who waits. False if nobody does.
  bool step() {
    if (pending_.empty()) return false;
    const auto earlier = [](const Pending& a, const Pending& b) { return a.until < b.until; };
    auto next = std::min_element(pending_.begin(), pending_.end(), earlier);
    if (!stopping_ && stop_time_ && *stop_time_ <= next->until) {
      now_ = *stop_time_;
      cancel_all();
      next = pending_.begin();
    }
    abi::Wait& wait = *next->wait;
    now_ = std::max(now_, next->until);
    pending_.erase(next);
    wait.waiter.resume();
    return true;
  }

 protected:
  void begin(abi::SleepWait& wait) override {
    pend(wait, std::max(wait.after, std::chrono::nanoseconds::zero()));
  }

  void begin(abi::ProcessWait& wait) override {
    if (stopping_) return pend(wait, {});  // nothing is started any more
    if (!program_) {
      throw std::logic_error("the test does not say what `" + shell_quoted(wait.command.argv) +
                             "` does: call TestHost::answer");
    }
    commands_.push_back(wait.command);
    try {
      wait.result = program_(wait.command);
    } catch (const ProcessError& error) {
      wait.error = error.what();
    }
    cap(wait.result.out, wait.result.out_dropped, wait.command.output_cap);
    cap(wait.result.err, wait.result.err_dropped, wait.command.output_cap);
    pend(wait, std::chrono::duration_cast<std::chrono::nanoseconds>(
                   std::chrono::duration<double>(wait.result.seconds)));
  }

 private:
  struct Pending {
    std::chrono::nanoseconds until;
    abi::Wait* wait;
  };

  void pend(abi::Wait& wait, std::chrono::nanoseconds time) {
    wait.cancelled = stopping_;
    pending_.push_back({stopping_ ? now_ : now_ + time, &wait});
  }

  void cancel_all() {
    stopping_ = true;
    for (Pending& pending : pending_) {
      pending.until = now_;
      pending.wait->cancelled = true;
    }
  }

  static void cap(std::string& text, std::uint64_t& dropped, std::size_t most) {
    if (text.size() <= most) return;
    dropped += text.size() - most;
    text.resize(most);
  }

  Program program_;
  std::chrono::nanoseconds now_{0};
  std::optional<std::chrono::nanoseconds> stop_time_;
  bool stopping_ = false;
  bool enough_ = false;
  std::vector<Pending> pending_;  // in the order in which they began
  std::vector<Command> commands_;
  std::vector<std::string> notes_;
  std::string printed_;
};

}  // namespace weir::testing
