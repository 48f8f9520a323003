#include "cli/run_trace.hpp"

#include <system_error>
#include <utility>

#include "journal/error.hpp"
#include "journal/recorded.hpp"
#include "view/record/trace.hpp"
#include "view/record/trace_file.hpp"

namespace weir::cli {
namespace {

void remove_database(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* const end : {"", "-wal", "-shm"}) {
    std::filesystem::remove(file.string() + end, ignored);
  }
}

/// Only what has been written by an earlier run, or is empty.
void make_room(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return;
  const bool is_empty = std::filesystem::is_regular_file(file, ignored) &&
                        std::filesystem::file_size(file, ignored) == 0;
  if (!is_empty && !journal::is_database(file)) {
    throw journal::Error("'" + file.string() +
                         "' exists and is no record of a run: name another file for --trace");
  }
  remove_database(file);
}

}  // namespace

RunTrace::RunTrace(std::string file, const RunRecord& record)
    : file_(std::move(file)),
      own_(view::is_trace_name(file_) ? file_ + ".db" : file_),
      record_(record) {
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
      if (has_directory) journal::copy_database(from, file_);
      return {};
    }
    view::TraceFile file(file_);
    view::write_trace(view::load_recording_file(from),
                      [&](std::string_view piece) { file.write(piece); });
    file.close();
    if (!has_directory) remove_database(own_);
    return {};
  } catch (const journal::Error& error) {
    return error.what();
  }
}

}  // namespace weir::cli
