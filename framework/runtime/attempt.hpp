#pragma once

/// One attempt at an item: of a coroutine, or on a thread that may block.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/reactor.hpp"
#include "runtime/attempt_output.hpp"
#include "runtime/item_visit.hpp"

namespace weir::runtime {

/// An attempt at a node that waits. It is what the coroutine sees as its host, and what the reactor
/// completes; it owns the permit, and deletes itself.
///
/// A coroutine waits for one thing at a time, so there is one wait at most.
class WaitingAttempt final : public abi::Operation,
                             public NodeHost,
                             private io::Timer,
                             private io::Process,
                             private Executor::Task {
 public:
  WaitingAttempt(ItemVisit& visit, Permit permit);
  ~WaitingAttempt();

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override;
  void fail(abi::Batch*, std::uint32_t, const Failure&) noexcept override {}
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }
  void finish(abi::End end, const Failure& failure) noexcept override;

 private:
  using Time = ItemVisit::Time;
  struct Logs;

  void begin(abi::SleepWait& wait) override;
  void begin(abi::ProcessWait& wait) override;

  // On the reactor's thread.
  void complete(bool cancelled) noexcept override;
  void complete(io::ProcessOutcome outcome) noexcept override;
  void started() noexcept override;
  void wrote(io::Stream stream, std::string_view bytes) noexcept override;

  // On a thread that may run nodes.
  void run() noexcept override;
  bool is_short() const noexcept override { return !visit_.takes_long(); }

  Time::duration left() const;
  /// Without what it has waited for its commands to be started.
  Time::duration busy_until(Time::time_point now) const { return now - began_ - held_back_; }
  void hold_back() noexcept;
  void go_on(bool is_to_end) noexcept;
  void write_to_log(io::Stream stream, std::string_view bytes) noexcept;
  void show(io::Stream stream, std::string_view bytes) noexcept;
  void note_output(const io::ProcessOutcome& outcome);
  bool begin_cleanup() noexcept;
  void conclude() noexcept;
  bool close_logs() noexcept;

  ItemVisit& visit_;
  abi::Batch* kept_;
  std::vector<Output> outputs_;
  std::vector<Output> passed_on_;  // the item itself
  PermitHolder permit_;
  const Time::time_point began_;
  abi::Wait* wait_ = nullptr;
  abi::ProcessWait* process_wait_ = nullptr;
  std::optional<Time::time_point> held_back_since_;  ///< its command waits to be started
  Time::duration held_back_{0};
  bool has_begun_ = false;  ///< it has waited for something, or its first command was started
  bool timed_out_ = false;
  bool is_cleaning_ = false;
  bool is_closing_logs_ = false;
  int log_tries_ = 0;
  std::optional<Time::duration> busy_;
  std::optional<std::int64_t> cpu_ns_;  // of its commands
  abi::End end_ = abi::End::done;
  Failure failure_;
  std::string command_;  // that was cut off
  std::string output_;   // what the last command wrote, where the policy reads it
  std::unique_ptr<Logs> logs_;
  std::unique_ptr<AttemptOutput> shown_;  // as soon as there is any
  bool out_is_data_ = false;
};

/// An attempt at a node that blocks, in the thread that makes it.
class BlockingAttempt final : public abi::Context {
 public:
  BlockingAttempt(ItemVisit& visit, Permit permit)
      : visit_(visit), permit_(visit.holder(std::move(permit))) {}

  void run() noexcept;

  void emit(std::uint32_t port, abi::Batch* batch) noexcept override;
  void fail(abi::Batch* batch, std::uint32_t index, const Failure& failure) noexcept override;
  bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }

 private:
  ItemVisit& visit_;
  PermitHolder permit_;
  const abi::Block* taken_ = nullptr;
  std::vector<Output> outputs_;
  std::optional<Failure> failure_;
};

}  // namespace weir::runtime
