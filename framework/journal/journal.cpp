#include "journal/journal.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <signal.h>
#include <utility>

#include "journal/recorder.hpp"
#include "journal/text.hpp"

namespace weir::journal {
namespace {

/// How long what has begun may wait to be taken out of the queue, and then again for its end.
constexpr std::chrono::milliseconds kLinger{25};
/// What ends less than this after something was written waits so long: most of what a transaction
/// costs, it costs however little is in it.
constexpr std::chrono::milliseconds kRest{4};

constexpr std::size_t kMostQueuedBytes = std::size_t{64} << 20U;
constexpr std::size_t kMostItemBytes = std::size_t{4} << 10U;
/// A queue that was longer than this gives its memory back.
constexpr std::size_t kMostKeptEvents = 4096;
/// What came long ago is safe before the last of a long queue is.
constexpr std::size_t kMostInTransaction = 8192;

/// The signals that stop a run are for other threads.
std::thread start_without_signals(std::function<void()> body) {
  sigset_t blocked;
  sigset_t old;
  sigfillset(&blocked);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
    sigdelset(&blocked, fault);
  }
  pthread_sigmask(SIG_BLOCK, &blocked, &old);
  try {
    std::thread thread(std::move(body));
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    return thread;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    throw;
  }
}

}  // namespace

Journal::Journal(const std::filesystem::path& file, OnError on_error)
    : file_(file.string()),
      on_error_(std::move(on_error)),
      recorder_(std::make_unique<Recorder>(file)),
      thread_(start_without_signals([this] { write_all(); })) {}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  pushed_.notify_one();
  thread_.join();
}

void Journal::started(Started event) {
  if (event.item.size() > kMostItemBytes) event.item = shortened(event.item, kMostItemBytes);
  const std::size_t bytes = sizeof(Event) + event.node.size() + event.item.size() +
                            event.config.size() + event.held_by.size() + event.needs.size();
  push(std::move(event), bytes, false);
}

void Journal::ended(Ended event) {
  const std::size_t bytes = sizeof(Event) + event.node.size() + event.error.size() +
                            (event.output ? event.output->size() : 0);
  push(std::move(event), bytes, true);
}

void Journal::begun(Begun event) {
  const std::size_t bytes = sizeof(Event) + event.graph.size() + event.run.size();
  push(std::move(event), bytes, true);
}

void Journal::changed(RunChanged event) {
  const std::size_t bytes = sizeof(Event) + event.run.size();
  push(std::move(event), bytes, true);
}

void Journal::sampled(Sampled event) {
  const std::size_t bytes = sizeof(Event) + event.nodes.size() + event.batches.size();
  push(std::move(event), bytes, false);
}

void Journal::push(Event event, std::size_t bytes, bool is_urgent) {
  bool wake = false;
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return queued_bytes_ < kMostQueuedBytes || broken_; });
    if (broken_) return;
    queue_.push_back(std::move(event));
    queued_bytes_ += bytes;
    ++pushed_count_;
    wake = std::exchange(idle_, false) || (is_urgent && !urgent_ && !resting_);
    urgent_ = urgent_ || is_urgent;
  }
  if (wake) pushed_.notify_one();
}

bool Journal::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t until = pushed_count_;
  flushing_ = true;
  pushed_.notify_one();
  written_.wait(lock, [&] { return safe_count_ >= until; });
  return !broken_;
}

/// Until there is something to be written, or the end has come. While events come one after another
/// nobody has to wake the thread for those that are not urgent.
void Journal::wait_for_events(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const bool is_told =
        pushed_.wait_for(lock, kLinger, [this] { return urgent_ || flushing_ || closing_; });
    if (urgent_) rest(lock);
    if (!queue_.empty() || flushing_ || closing_) return;
    if (!beginnings_.is_empty() && Clock::now() - beginnings_.oldest() >= kLinger) return;
    urgent_ = false;
    if (is_told || !beginnings_.is_empty()) continue;
    idle_ = true;
    pushed_.wait(lock, [this] { return !queue_.empty() || flushing_ || closing_; });
    idle_ = false;
    if (urgent_ || flushing_ || closing_) return;
  }
}

void Journal::rest(std::unique_lock<std::mutex>& lock) {
  resting_ = true;
  pushed_.wait_until(lock, written_at_ + kRest, [this] { return flushing_ || closing_; });
  resting_ = false;
}

void Journal::write_all() noexcept {
  std::vector<Event> events;
  std::unique_lock lock(mutex_);
  for (;;) {
    wait_for_events(lock);
    if (queue_.empty() && beginnings_.is_empty() && !flushing_) return;
    urgent_ = false;
    const bool all = std::exchange(flushing_, false) || closing_;
    const std::uint64_t count = pushed_count_;
    std::swap(events, queue_);
    queued_bytes_ = 0;
    const bool broken = broken_;
    lock.unlock();
    room_.notify_all();
    const Clock::time_point now = Clock::now();
    const std::string error =
        broken ? "" : write(events, all ? Clock::time_point::max() : now - kLinger);
    events.clear();
    if (events.capacity() > kMostKeptEvents) events = {};
    // Who flushes finds that it has been told.
    if (!error.empty() && on_error_) on_error_(error);
    lock.lock();
    written_at_ = now;
    broken_ = broken_ || !error.empty();
    if (broken_) beginnings_.clear();
    if (all || broken_) safe_count_ = count;
    lock.unlock();
    if (!error.empty()) room_.notify_all();
    if (all) written_.notify_all();
    lock.lock();
  }
}

std::string Journal::write(std::vector<Event>& events, Clock::time_point since) noexcept {
  try {
    std::size_t at = 0;
    do {
      recorder_->begin();
      const std::size_t end = std::min(events.size(), at + kMostInTransaction);
      for (; at < end; ++at) record(events[at]);
      if (at == events.size()) record_beginnings(since);
      recorder_->commit();
    } while (at < events.size());
    return {};
  } catch (const std::exception& error) {
    recorder_->roll_back();
    return fmt::format(
        "the journal of the run can't be written any more: {}. What ends from now on will be done "
        "again by a run that resumes this one; make room for it first",
        error.what());
  }
}

void Journal::record(Event& event) {
  if (auto* const started = std::get_if<Started>(&event)) {
    // Whoever begins again without an end has begun for nothing: that has to be seen.
    if (auto before = beginnings_.take(started->node, started->key)) recorder_->record(*before);
    return beginnings_.add(std::move(*started), Clock::now());
  }
  if (const auto* const ended = std::get_if<Ended>(&event)) {
    const std::optional<Started> begin = beginnings_.take(ended->node, ended->key);
    return begin ? recorder_->record(*begin, *ended) : recorder_->record(*ended);
  }
  std::visit([this](const auto& one) { recorder_->record(one); }, event);
}

void Journal::record_beginnings(Clock::time_point since) {
  while (const std::optional<Started> begin = beginnings_.take_older(since)) {
    recorder_->record(*begin);
  }
}

}  // namespace weir::journal
