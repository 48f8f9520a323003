#pragma once

/// Writes down what becomes of each item, so that it outlives the process.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "journal/beginnings.hpp"
#include "journal/event.hpp"

namespace weir::journal {

class Recorder;

/// The writing side of run.db: a queue, and a thread that puts into the database whatever is in it,
/// in one transaction, as soon as anything has ended, but not more often than every few
/// milliseconds. That something has begun can wait a little: what ends meanwhile is written once.
/// So what ends is safe from the end of the process in at most a few milliseconds (longer while
/// SQLite waits for the disk at a checkpoint), however many items end at a time. The end of the
/// machine may cost what came since the last checkpoint.
///
/// One for a directory at a time: hold the run's lock.
class Journal {
 public:
  /// Gets a message for the user: what, where, and what to do. Called once at most, on the
  /// journal's thread; must not throw, and not call the journal.
  using OnError = std::function<void(const std::string& message)>;

  /// Opens or creates the database. Throws Error, also if a newer weir made it.
  Journal(const std::filesystem::path& file, OnError on_error);
  /// Waits until everything is written, or has been dropped because of an error.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// From any thread. Don't wait for the disk, unless more than 64 MiB wait to be written. What one
  /// thread hands over of an item is written in its order. After an error they drop the event.
  void started(Started event);
  void ended(Ended event);
  void begun(Begun event);
  void changed(RunChanged event);
  void sampled(Sampled event);

  /// Waits until everything that was handed over before is safe from the end of the process. False
  /// if there was an error, before or now.
  bool flush();

 private:
  using Event = std::variant<Started, Ended, Begun, RunChanged, Sampled>;
  using Clock = Beginnings::Clock;

  void push(Event event, std::size_t bytes, bool is_urgent);
  void wait_for_events(std::unique_lock<std::mutex>& lock);
  void rest(std::unique_lock<std::mutex>& lock);
  void write_all() noexcept;
  /// Also what has begun before `since`, and has not ended. The result is an error, or empty.
  std::string write(std::vector<Event>& events, Clock::time_point since) noexcept;
  void record(Event& event);
  void record_beginnings(Clock::time_point since);

  const std::string file_;
  const OnError on_error_;
  // The thread's own:
  std::unique_ptr<Recorder> recorder_;
  Beginnings beginnings_;
  Clock::time_point written_at_;
  // Everybody's:
  std::mutex mutex_;
  std::condition_variable pushed_, room_, written_;
  std::vector<Event> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t pushed_count_ = 0;
  std::uint64_t safe_count_ = 0;  // of those that were pushed
  bool idle_ = false;             // the thread waits to be told of anything
  bool resting_ = false;          // it need not be told of what is urgent
  bool urgent_ = false;           // what is queued is to be written at once
  bool flushing_ = false;         // and what has begun, too
  bool broken_ = false;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace weir::journal
