#include "io/processes.hpp"

#include <cerrno>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

namespace weir::io {

namespace {

constexpr std::chrono::milliseconds retry_pause{100};

/// What one start takes: three pipes and a pidfd. And what is left alone as long as there is any
/// choice: sinks, sources and plugins have files to open, and can't wait for it as we can.
constexpr int descriptors_of_a_start = 7;
constexpr int descriptors_for_others = 16;

/// A program that starts has to be loaded, which takes a core a millisecond. Thousands of them at
/// once keep each other, and us, from getting anywhere. So while the machine has more to run than
/// cores, a few are begun in so long a time, and never more than some, those that have ended
/// meanwhile not counted.
constexpr std::size_t starts_when_busy = 2;
constexpr std::size_t starts_at_once = 8;
constexpr std::chrono::microseconds start_time{2500};
constexpr int runnable_per_core = 3;

ProcessOutcome outcome_of(ProcessEnd end, std::string error = "") {
  ProcessOutcome outcome;
  outcome.end = end;
  outcome.started = false;
  outcome.error = std::move(error);
  return outcome;
}

}  // namespace

Processes::Processes(Loop& loop, Stragglers& stragglers, const ReactorOptions& options,
                     std::function<void()> all_ended,
                     std::function<void(const std::string& line)> stuck)
    : setup_(loop, stragglers, options),
      all_ended_(std::move(all_ended)),
      exhaustion_(options.note),
      is_stuck_told_(options.stuck != nullptr),
      stuck_(is_stuck_told_ ? std::move(stuck) : nullptr),
      patience_(options.patience),
      most_runnable_(runnable_per_core * static_cast<int>(std::thread::hardware_concurrency())),
      retry_(loop) {}

void Processes::start(Process& process, std::unique_ptr<Command> command, ProcessTerms terms) {
  if (!may_begin(terms)) {
    complete(process, outcome_of(ProcessEnd::cancelled));
  } else if (!waiting_.empty() || !may_start() || !try_start(process, *command, terms)) {
    waiting_.push_back({&process, std::move(command), terms});
    retry_later();
  }
}

bool Processes::may_begin(const ProcessTerms& terms) const {
  if (nothing_begins_ && terms.begins) return false;
  return !cancelled_ || (terms.cleans_up && !cleanups_killed_);
}

/// Whether few enough have been started a moment ago.
bool Processes::may_start() {
  const Clock::time_point now = Clock::now();
  while (!starts_.empty() && now - starts_.front() >= start_time) starts_.pop_front();
  if (starts_.size() < starts_when_busy) return true;
  return starts_.size() < starts_at_once && runnable_.now() <= most_runnable_;
}

void Processes::retry_later() {
  if (retry_.is_set()) return;
  const bool is_paced = starts_.size() >= starts_when_busy;
  retry_.set(is_paced ? starts_.front() + start_time : Clock::now() + retry_pause,
             [this] { start_waiting(); });
}

/// False if the system is exhausted.
bool Processes::try_start(Process& process, Command& command, const ProcessTerms& terms) {
  const bool others_run = !running_.empty();
  if (others_run && !room_for_descriptors(descriptors_of_a_start + descriptors_for_others)) {
    is_exhausted(EMFILE);
    return false;
  }
  Child::Owner& owner = *this;
  auto child = std::make_unique<Child>(setup_, owner, process, command.output_cap);
  std::string error;
  switch (child->start(command, terms.timeout, error)) {
    case Child::Start::exhausted:
      is_exhausted(child->exhaustion());
      return false;
    case Child::Start::refused:
      child.reset();
      complete(process, outcome_of(ProcessEnd::not_started, std::move(error)));
      return true;
    case Child::Start::impossible:
      child.reset();
      // Not the process's fault, if anybody wants to know of it. They have to before it is over.
      if (is_stuck_told_) {
        give_up(error);
        complete(process, outcome_of(ProcessEnd::cancelled));
      } else {
        complete(process, outcome_of(ProcessEnd::not_started, std::move(error)));
      }
      return true;
    case Child::Start::started:
      idle_since_.reset();
      Child* key = child.get();
      exhausted_by_ = 0;
      running_.emplace(key, Running{&process, std::move(child), terms.cleans_up});
      process.started();
      starts_.push_back(Clock::now());
      return true;
  }
  return true;
}

void Processes::start_waiting() {
  retry_.cancel();
  while (!waiting_.empty() && may_start() &&
         try_start(*waiting_.front().process, *waiting_.front().command, waiting_.front().terms)) {
    waiting_.pop_front();
  }
  if (waiting_.empty()) return;
  if (is_stuck()) return give_up(explain_stuck(exhausted_by_, patience_));
  retry_later();
}

std::string Processes::lacks() const {
  const int error = exhausted_by_;
  return error == 0 ? "" : what_has_run_out(error);
}

void Processes::is_exhausted(int error) {
  exhaustion_.has_come(error);
  exhausted_by_ = error;
  if (running_.empty() && !idle_since_) idle_since_ = Clock::now();
}

/// Whether nothing has been able to run for so long that this will not change by itself.
bool Processes::is_stuck() {
  return stuck_ && idle_since_ && running_.empty() && Clock::now() - *idle_since_ >= patience_;
}

/// Nothing can be started, and that will not change. It is said once.
void Processes::give_up(const std::string& why) {
  if (stuck_) std::exchange(stuck_, nullptr)(why);
}

void Processes::child_ended(Child& child, ProcessOutcome outcome) {
  const auto running = running_.extract(&child);
  if (!starts_.empty()) starts_.pop_front();
  complete(*running.mapped().process, std::move(outcome));
  if (!waiting_.empty()) start_waiting();
}

void Processes::complete(Process& process, ProcessOutcome outcome) {
  // Counted before the call, which may let others look.
  const bool last = under_way_.fetch_sub(1, std::memory_order_relaxed) == 1;
  process.complete(std::move(outcome));
  if (last) all_ended_();
}

void Processes::begin_nothing() {
  nothing_begins_ = true;
  cancel_waiting();
}

void Processes::terminate() {
  cancelled_ = true;
  for (auto& [child, running] : running_) {
    if (!running.cleans_up) child->terminate();
  }
  cancel_waiting();
}

void Processes::kill() {
  for (auto& [child, running] : running_) {
    if (!running.cleans_up) child->kill();
  }
}

void Processes::kill_cleanups() {
  cleanups_killed_ = true;
  for (auto& [child, running] : running_) {
    if (running.cleans_up) child->kill();
  }
  cancel_waiting();
}

void Processes::suspend() {
  for (auto& [child, running] : running_) child->suspend();
}

void Processes::resume(Clock::duration pause) {
  idle_since_.reset();
  for (auto& [child, running] : running_) child->resume(pause);
}

void Processes::cancel_waiting() {
  std::deque<Waiting> go_on;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    if (may_begin(waiting.terms)) {
      go_on.push_back(std::move(waiting));
    } else {
      complete(*waiting.process, outcome_of(ProcessEnd::cancelled));
    }
  }
  waiting_.insert(waiting_.begin(), std::make_move_iterator(go_on.begin()),
                  std::make_move_iterator(go_on.end()));
  if (!waiting_.empty()) return;
  exhausted_by_ = 0;
  retry_.cancel();
}

void Processes::abandon() {
  std::vector<Child*> survivors;
  for (auto& [child, running] : running_) {
    if (!running.cleans_up || cleanups_killed_) survivors.push_back(child);
  }
  for (Child* const child : survivors) child->abandon();
}

}  // namespace weir::io
