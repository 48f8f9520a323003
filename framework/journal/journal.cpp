#include "journal/journal.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <new>
#include <signal.h>
#include <system_error>
#include <utility>

#include "journal/catch_up.hpp"
#include "journal/error.hpp"
#include "journal/recorder.hpp"
#include "journal/text.hpp"

namespace weir::journal {
namespace {

/// How long what has come may wait for more, to go into the tables with it.
constexpr std::chrono::milliseconds kLinger{50};
/// More than this does not wait.
constexpr std::size_t kMuch = std::size_t{1} << 20U;

constexpr std::size_t kMostQueuedBytes = std::size_t{64} << 20U;
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

std::string failure(std::string_view why) {
  return fmt::format(
      "the journal of the run can't be written any more: {}. What ends from now on will be done "
      "again by a run that resumes this one; make room for it first",
      why);
}

}  // namespace

Journal::Journal(const std::filesystem::path& file, OnError on_error)
    : file_(file.string()),
      on_error_(std::move(on_error)),
      recorder_(std::make_unique<Recorder>(file)),
      log_(file) {
  catch_up(*recorder_, log_);
  pushed_count_ = written_count_ = recorder_->last_event();
  try {
    thread_ = start_without_signals([this] { write_all(); });
  } catch (const std::system_error& error) {
    throw Error(
        fmt::format("the journal of the run has no thread (ulimit -v says how much memory "
                    "a process may have, ulimit -u how many processes and threads a user, "
                    "pids.max how many a control group): {}",
                    error.what()));
  }
}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  pushed_.notify_one();
  thread_.join();
  if (!broken_) log_.remove();
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
  push(std::move(event), bytes, false);
}

void Journal::came_or_went(Presence event) {
  const std::size_t bytes = sizeof(Event) + event.node.size();
  push(std::move(event), bytes, false);
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
    keep_in_log(pushed_count_ + 1, event);
    queue_.push_back(std::move(event));
    ++pushed_count_;
    queued_bytes_ += bytes;
    is_urgent = is_urgent || queued_bytes_ > kMuch || log_.is_broken();
    wake = std::exchange(idle_, false) || (is_urgent && !urgent_);
    urgent_ = urgent_ || is_urgent;
  }
  if (wake) pushed_.notify_one();
}

/// Only what becomes of items: the rest is not worth it.
void Journal::keep_in_log(std::uint64_t number, const Event& event) {
  if (const auto* started = std::get_if<Started>(&event)) {
    log_.add(number, *started);
  } else if (const auto* ended = std::get_if<Ended>(&event)) {
    log_.add(number, *ended);
    log_.write();  // if that fails, the journal's thread finds it
  }
}

bool Journal::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t until = pushed_count_;
  urgent_ = true;
  pushed_.notify_one();
  written_.wait(lock, [&] { return written_count_ >= until; });
  return !broken_;
}

/// Until there is something to be written, or the end has come. While events come one after another
/// nobody has to wake the thread for those that are not urgent.
void Journal::wait_for_events(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const bool is_told = pushed_.wait_for(lock, kLinger, [this] { return urgent_ || closing_; });
    if (!queue_.empty() || closing_) return;
    urgent_ = false;
    if (is_told) continue;
    idle_ = true;
    pushed_.wait(lock, [this] { return !queue_.empty() || closing_; });
    idle_ = false;
    if (urgent_ || closing_) return;
  }
}

void Journal::write_all() noexcept {
  std::vector<Event> events;
  std::unique_lock lock(mutex_);
  for (;;) {
    wait_for_events(lock);
    if (queue_.empty()) return;
    urgent_ = false;
    std::swap(events, queue_);
    queued_bytes_ = 0;
    log_.mark();
    const std::uint64_t last = pushed_count_;
    const bool broken = broken_;
    const std::string log_error = log_.error();
    lock.unlock();
    room_.notify_all();
    std::string error;
    if (!broken) error = write(events, last);
    if (!broken && error.empty() && !log_error.empty()) error = failure(log_error);
    events.clear();
    if (events.capacity() > kMostKeptEvents) events = {};
    // Who flushes finds that it has been told.
    if (!error.empty() && on_error_) on_error_(error);
    lock.lock();
    broken_ = broken_ || !error.empty();
    if (!broken_) log_.drop_marked();
    written_count_ = last;
    lock.unlock();
    if (!error.empty()) room_.notify_all();
    written_.notify_all();
    lock.lock();
  }
}

/// `last` is the number of the last event.
std::string Journal::write(const std::vector<Event>& events, std::uint64_t last) noexcept {
  try {
    for (std::size_t at = 0; at < events.size();) {
      recorder_->begin();
      const std::size_t end = std::min(events.size(), at + kMostInTransaction);
      record({events.data() + at, end - at});
      at = end;
      recorder_->count(last - (events.size() - at));
      recorder_->commit();
    }
    return {};
  } catch (const std::bad_alloc&) {
    recorder_->roll_back();
    return failure("there is no memory left for it");
  } catch (const std::exception& error) {
    recorder_->roll_back();
    return failure(error.what());
  }
}

/// What begins and ends here is written once, as a whole.
void Journal::record(std::span<const Event> events) {
  std::map<std::pair<Key, std::string_view>, const Started*> begun;
  const auto take_begin = [&begun](const std::string& node, const Key& key) {
    const auto found = begun.extract({key, node});
    return found.empty() ? nullptr : found.mapped();
  };
  for (const Event& event : events) {
    if (const auto* const started = std::get_if<Started>(&event)) {
      // Whoever begins again without an end has begun for nothing: that has to be seen.
      const Started* const before = take_begin(started->node, started->key);
      if (before != nullptr) recorder_->record(*before);
      begun[{started->key, started->node}] = started;
    } else if (const auto* const ended = std::get_if<Ended>(&event)) {
      const Started* const begin = take_begin(ended->node, ended->key);
      begin != nullptr ? recorder_->record(*begin, *ended) : recorder_->record(*ended);
    } else {
      std::visit([this](const auto& one) { recorder_->record(one); }, event);
    }
  }
  for (const auto& [of, started] : begun) recorder_->record(*started);
}

}  // namespace weir::journal
