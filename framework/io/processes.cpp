#include "io/processes.hpp"

#include <utility>

namespace weir::io {

namespace {

constexpr std::chrono::milliseconds retry_pause{100};

/// What one start takes: three pipes and a pidfd. And what is left alone as long as there is any
/// choice: sinks, sources and plugins have files to open, and can't wait for it as we can.
constexpr int descriptors_of_a_start = 7;
constexpr int descriptors_for_others = 16;

ProcessOutcome outcome_of(ProcessEnd end, std::string error = "") {
  ProcessOutcome outcome;
  outcome.end = end;
  outcome.error = std::move(error);
  return outcome;
}

}  // namespace

Processes::Processes(Loop& loop, Stragglers& stragglers, std::chrono::milliseconds drain,
                     std::function<void()> all_ended)
    : setup_(loop, stragglers, drain), all_ended_(std::move(all_ended)), retry_(loop) {}

void Processes::start(Process& process, std::unique_ptr<Command> command) {
  if (cancelled_) {
    complete(process, outcome_of(ProcessEnd::cancelled));
  } else if (!waiting_.empty() || !try_start(process, *command)) {
    waiting_.push_back({&process, std::move(command)});
    if (!retry_.is_set()) retry_.set(Clock::now() + retry_pause, [this] { start_waiting(); });
  }
}

/// False if the system is exhausted.
bool Processes::try_start(Process& process, Command& command) {
  const bool others_run = !running_.empty();
  if (others_run && !room_for_descriptors(descriptors_of_a_start + descriptors_for_others)) {
    return false;
  }
  Child::Owner& owner = *this;
  auto child = std::make_unique<Child>(setup_, owner, command.output_cap);
  std::string error;
  switch (child->start(command, error)) {
    case Child::Start::exhausted:
      return false;
    case Child::Start::refused:
      child.reset();
      complete(process, outcome_of(ProcessEnd::not_started, std::move(error)));
      return true;
    case Child::Start::started:
      Child* key = child.get();
      running_.emplace(key, Running{&process, std::move(child)});
      return true;
  }
  return true;
}

void Processes::start_waiting() {
  retry_.cancel();
  while (!waiting_.empty() && try_start(*waiting_.front().process, *waiting_.front().command)) {
    waiting_.pop_front();
  }
  if (!waiting_.empty()) retry_.set(Clock::now() + retry_pause, [this] { start_waiting(); });
}

void Processes::child_ended(Child& child, ProcessOutcome outcome) {
  const auto running = running_.extract(&child);
  complete(*running.mapped().process, std::move(outcome));
  if (!waiting_.empty()) start_waiting();
}

void Processes::complete(Process& process, ProcessOutcome outcome) {
  // Counted before the call, which may let others look.
  const bool last = under_way_.fetch_sub(1, std::memory_order_relaxed) == 1;
  process.complete(std::move(outcome));
  if (last) all_ended_();
}

void Processes::terminate() {
  cancelled_ = true;
  retry_.cancel();
  for (auto& [child, running] : running_) child->terminate();
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    complete(*waiting.process, outcome_of(ProcessEnd::cancelled));
  }
}

void Processes::kill() {
  for (auto& [child, running] : running_) child->kill();
}

void Processes::abandon() {
  while (!running_.empty()) running_.begin()->first->abandon();
}

}  // namespace weir::io
