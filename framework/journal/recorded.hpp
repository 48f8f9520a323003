#pragma once

/// All that run.db has of the last run that was written there: for those who make pictures of it.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "journal/row.hpp"

namespace weir::journal {

/// Times are unix times, in nanoseconds.
struct Recorded {
  struct Attempt {
    std::size_t item = 0;     ///< index into the items
    std::int64_t number = 1;  ///< over all runs in the directory
    std::int64_t queued_ns = 0;
    std::optional<std::int64_t> admitted_ns;  ///< an older weir did not write it down, and the rest
    std::int64_t started_ns = 0;
    std::optional<std::int64_t> ended_ns;
    State state = State::running;
    std::optional<int> status;
    std::string error;
    std::string held_by;
    std::string held_for;
    std::string needs;
    std::optional<std::int64_t> cpu_ns;
  };
  struct Sample {
    std::int64_t tick = 0;
    std::int64_t at_ns = 0;
    std::string nodes;  ///< as JSON
    std::optional<std::int64_t> idle_permille;
  };

  std::string graph;  ///< as JSON; empty: an older weir wrote this
  std::string run;    ///< the same
  std::vector<Row> items;
  std::vector<Attempt> attempts;  ///< in the order in which they began
  std::vector<Sample> samples;
  std::vector<std::string> batches;  ///< each as JSON
};

/// Attempts that began before the run did are of an earlier one, and left out: `started_of` is
/// asked when that was, with what `Recorded::run` will be. Throws Error if the file can't be read,
/// or is no run.db.
Recorded read_recorded(const std::filesystem::path& file,
                       std::int64_t (*started_of)(const std::string& run));

/// `Recorded::graph` alone. Throws Error if the file can't be read, or is no run.db.
std::string read_graph(const std::filesystem::path& file);

/// The same of `Recorded::run`. Also if there is no such file: empty.
std::string read_run(const std::filesystem::path& file);

/// A copy of a run.db, which may be written to meanwhile; replaces `to`. Only its owner can read
/// it, as the original. Throws Error.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

/// Whether a file is a record of a run, with weir's tables, or a database with none at all.
/// Whatever can't be read is none.
bool is_record(const std::filesystem::path& file);

}  // namespace weir::journal
