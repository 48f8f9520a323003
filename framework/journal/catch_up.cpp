#include "journal/catch_up.hpp"

#include "journal/error.hpp"
#include "journal/recorder.hpp"
#include "journal/redo_log.hpp"
#include "journal/schema.hpp"

namespace weir::journal {

void catch_up(Recorder& recorder, RedoLog& log) {
  const std::uint64_t last = recorder.last_event();
  bool has_begun = false;
  try {
    for (const RedoLog::Record& record : log.read()) {
      if (record.number <= last) continue;
      if (!has_begun) {
        recorder.begin();
        recorder.take_up_what_runs();
        has_begun = true;
      }
      std::visit([&](const auto& event) { recorder.record(event); }, record.event);
      recorder.count(record.number);
    }
    if (has_begun) recorder.commit();
  } catch (...) {
    recorder.roll_back();
    throw;
  }
  recorder.leave_what_runs();
  log.clear();
}

void catch_up(const std::filesystem::path& database) {
  if (!std::filesystem::exists(database)) return;
  RedoLog log(database);
  Recorder recorder(database);
  catch_up(recorder, log);
}

void catch_up_if_possible(const std::filesystem::path& database) {
  try {
    if (RedoLog::is_left(database)) catch_up(database);
  } catch (const Error&) {
    // Somebody else's, or a full disk: what is in the tables can be read all the same.
  }
}

std::optional<Database> open_caught_up(const std::filesystem::path& database) {
  catch_up_if_possible(database);
  return open_to_read(database);
}

}  // namespace weir::journal
