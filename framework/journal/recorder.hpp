#pragma once

/// Puts events into the tables of run.db.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>

#include "journal/database.hpp"
#include "journal/event.hpp"

namespace weir::journal {

/// For one thread at a time. What SQLite refuses is thrown as Error.
class Recorder {
 public:
  explicit Recorder(const std::filesystem::path& file);

  /// The number of the last event that is in the tables; 0: none.
  std::uint64_t last_event();

  /// Events belong between `begin` and `commit`; `roll_back` takes back those since `begin`.
  void begin();
  /// The last of them has this number.
  void count(std::uint64_t number) { last_event_ = number; }
  void commit();
  void roll_back() noexcept;

  void record(const Started& event);
  void record(const Ended& event);
  /// Both at once: of the same attempt.
  void record(const Started& begin, const Ended& end);
  void record(const Presence& event);
  void record(const Begun& event);
  void record(const RunChanged& event);
  void record(const Sampled& event);

  /// That attempts which the tables have as running end can be recorded, although another process
  /// recorded that they begin. In a transaction.
  void take_up_what_runs();
  /// And they do not end any more.
  void leave_what_runs() { current_.clear(); }

 private:
  /// An item that is in work or waits for another attempt: found again without a search.
  struct Current {
    std::int64_t row_id = 0;
    std::int64_t attempt = 0;
    std::int64_t attempt_row_id = 0;
    bool is_backing_off = false;  ///< that attempt has ended
  };
  using CurrentOfNode = std::unordered_map<Key, Current, Key::Hash>;

  /// The item's row, with one more attempt.
  Current enter(const Started& event, std::string_view key);
  bool insert_whole(const Started& begin, const Ended& end);
  Current* find_current(const std::string& node, const Key& key);

  Database database_;
  Statement begin_, commit_;
  Statement insert_item_, find_item_, restart_item_, insert_attempt_;
  Statement insert_ended_item_, insert_ended_attempt_;
  Statement end_item_, end_attempt_, end_waiting_item_;
  Statement insert_gone_, delete_gone_;
  Statement set_meta_, insert_sample_, insert_batches_, thin_samples_, thin_batches_;
  std::int64_t keep_of_ = 1;
  std::uint64_t last_event_ = 0;
  std::map<std::string, CurrentOfNode, std::less<>> current_;
};

}  // namespace weir::journal
