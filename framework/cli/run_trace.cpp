#include "cli/run_trace.hpp"

#include <system_error>
#include <utility>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/recorded.hpp"
#include "view/record/trace.hpp"
#include "view/record/trace_file.hpp"

namespace weir::cli {
namespace {

/// With what SQLite and the journal have beside it.
void remove_record(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* const end : {"", "-wal", "-shm", "-redo0", "-redo1"}) {
    std::filesystem::remove(file.string() + end, ignored);
  }
}

/// Where the run is recorded: in the file, or beside a trace until that is made of it.
std::filesystem::path record_file(const std::string& file) {
  return view::is_trace_name(file) ? file + ".db" : journal::replacement_of(file).target;
}

bool is_trace(const std::filesystem::path& file) {
  return view::begins_with(file.string(), view::kTraceBegin);
}

/// Throws if there is something else than `what` of an earlier run, or an empty file.
template <class IsOurs>
void check_replaceable(const std::filesystem::path& file, const char* what, const IsOurs& is_ours) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return;
  const bool is_regular = std::filesystem::is_regular_file(file, ignored);
  if (is_regular && (std::filesystem::file_size(file, ignored) == 0 || is_ours(file))) return;
  throw journal::Error("'" + file.string() + "' exists and is no " + what +
                       " of a run: name another file for --trace");
}

void check_record(const std::filesystem::path& file) {
  check_replaceable(file, "record", journal::is_record);
}

/// Of what is written to as it is, a pipe or a device, nothing is lost.
void check_trace(const std::filesystem::path& file) {
  std::error_code ignored;
  const auto type = std::filesystem::status(file, ignored).type();
  using Type = std::filesystem::file_type;
  if (type == Type::fifo || type == Type::character) return;
  check_replaceable(file, "trace", is_trace);
}

void make_room(const std::filesystem::path& file) {
  check_record(file);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) remove_record(file);
}

}  // namespace

void check_trace_file(const std::string& file, bool has_directory) {
  if (view::is_trace_name(file)) check_trace(file);
  if (!has_directory || !view::is_trace_name(file)) check_record(record_file(file));
}

RunTrace::RunTrace(std::string file, const RunRecord& record)
    : file_(std::move(file)), own_(record_file(file_)), record_(record) {
  if (record.directory() == nullptr || !view::is_trace_name(file_)) make_room(own_);
}

std::filesystem::path RunTrace::database() const {
  return record_.directory() == nullptr ? own_ : std::filesystem::path();
}

std::string RunTrace::write() const {
  const bool has_directory = record_.directory() != nullptr;
  const std::filesystem::path from = has_directory ? record_.directory()->database() : own_;
  try {
    if (!view::is_trace_name(file_)) {
      if (has_directory) journal::copy_database(from, own_);
      return {};
    }
    view::TraceFile file(file_);
    view::write_trace(view::load_recording_file(from),
                      [&](std::string_view piece) { file.write(piece); });
    file.close();
    if (!has_directory) remove_record(own_);
    return {};
  } catch (const journal::Error& error) {
    return error.what();
  }
}

}  // namespace weir::cli
