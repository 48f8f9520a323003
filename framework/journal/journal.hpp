#pragma once

/// Writes down what becomes of each item, so that it outlives the process.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "journal/event.hpp"
#include "journal/redo_log.hpp"

namespace weir::journal {

class Recorder;

/// The writing side of run.db. What has ended is in the redo log when `ended` returns, and so safe
/// from the end of the process, however it ends. A queue, and a thread that puts into the tables
/// whatever is in it, in one transaction, a little later: what ends soon is then written once. The
/// end of the machine may cost what came since the last checkpoint.
///
/// One for a directory at a time: hold the run's lock.
class Journal {
 public:
  /// Gets a message for the user: what, where, and what to do. Called once at most, on the
  /// journal's thread; must not throw, and not call the journal.
  using OnError = std::function<void(const std::string& message)>;

  /// Opens or creates the database, and catches up with what its last run had no time to put into
  /// the tables. Throws Error, also if a newer weir made it.
  Journal(const std::filesystem::path& file, OnError on_error);
  /// Waits until everything is written, or has been dropped because of an error.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// From any thread. Don't wait for the disk, unless more than 64 MiB wait to be written. What one
  /// thread hands over of an item is written in its order. After an error they drop the event.
  void started(Started event);
  /// What the item gave out can be handed on when this has returned: it is never done again, if
  /// nothing changes, by a run that resumes this one.
  void ended(Ended event);
  void came_or_went(Presence event);
  void begun(Begun event);
  void changed(RunChanged event);
  void sampled(Sampled event);

  /// Waits until everything that was handed over before is in the tables. False if there was an
  /// error, before or now.
  bool flush();

 private:
  using Event = std::variant<Started, Ended, Presence, Begun, RunChanged, Sampled>;

  void push(Event event, std::size_t bytes, bool is_urgent);
  void keep_in_log(std::uint64_t number, const Event& event);
  void wait_for_events(std::unique_lock<std::mutex>& lock);
  void write_all() noexcept;
  /// The result is an error, or empty.
  std::string write(const std::vector<Event>& events, std::uint64_t last) noexcept;
  void record(std::span<const Event> events);

  const std::string file_;
  const OnError on_error_;
  std::unique_ptr<Recorder> recorder_;  // the thread's own
  std::mutex mutex_;
  RedoLog log_;  // of everybody, as all that follows
  std::condition_variable pushed_, room_, written_;
  std::vector<Event> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t pushed_count_ = 0;
  std::uint64_t written_count_ = 0;
  bool idle_ = false;    // the thread waits to be told of anything
  bool urgent_ = false;  // what is queued is to be written at once
  bool broken_ = false;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace weir::journal
