#pragma once

/// The directory of a run: what was run, what became of it, and what its commands wrote. Its files
/// are described in framework/doc/operation.md.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "journal/run_info.hpp"
#include "journal/run_lock.hpp"

namespace weir::journal {

/// Where runs are, below the current folder: ".weir/runs".
std::filesystem::path default_root();

/// The streams of a command.
enum class Stream : std::uint8_t { out, err };

class RunDirectory {
 public:
  /// Makes a directory for a run that begins now, in `root` (made if there is none), and leads
  /// `root`/latest to it. Its name is its id: the time in UTC and the pipeline's name
  /// ("20261125-015240-images"), and a number behind that if there is one already ("…-2").
  /// `pipeline_text` is the file as it is run. Holds the lock. Throws Error.
  static RunDirectory create(const std::filesystem::path& root, RunInfo info,
                             std::string_view pipeline_text);
  /// Makes exactly this directory; its name is the id. It may exist if it is empty. Throws Error.
  static RunDirectory create_exactly(const std::filesystem::path& directory, RunInfo info,
                                     std::string_view pipeline_text);
  /// An existing one, without its lock. `which` is "latest", an id in `root`, the beginning of
  /// exactly one, or a path. Throws UnknownRun, or Error if it can't be read.
  static RunDirectory open(const std::string& which,
                           const std::filesystem::path& root = default_root());

  const std::string& id() const { return info_.id; }
  const RunInfo& info() const { return info_; }
  const std::filesystem::path& path() const { return path_; }
  /// What names it on a command line in the same folder: its id, or its path.
  std::string shown_name() const;

  /// Takes the lock, to run again what is here; keeps it as long as this lives. The result is an
  /// error for the user, such as "that run is still going on (process 4711)", or empty.
  std::string take_lock();
  /// Writes down how the run goes on, with the lock: as `info` says, but for its id and start. The
  /// result is an error that names the file, or empty.
  std::string rewrite(RunInfo info, std::string_view pipeline_text);
  /// Whether a process has the lock: this one, or another.
  bool is_alive() const;

  std::filesystem::path database() const { return path_ / "run.db"; }
  std::filesystem::path pipeline_file() const { return path_ / "pipeline.yaml"; }
  std::filesystem::path summary_file() const { return path_ / "summary.json"; }
  /// Where it answers questions while it is alive.
  std::filesystem::path socket() const { return path_ / "run.sock"; }
  /// logs/NODE/SEQ.out or .err; `seq` is the item's number at the node.
  std::filesystem::path log_file(std::string_view node, std::int64_t seq, Stream stream) const;

  /// The run has ended. The result is an error that names the file, or empty.
  std::string write_summary(std::string_view json) const;
  /// The summary of what ran before is not true any more: something has been written down since.
  /// The result is the same.
  std::string remove_summary() const;

 private:
  RunDirectory(std::filesystem::path path, RunInfo info)
      : path_(std::move(path)), info_(std::move(info)) {}

  static RunDirectory read(const std::filesystem::path& path);
  void fill(std::string_view pipeline_text);
  void fill_or_remove(std::string_view pipeline_text);
  std::string write_what_runs(std::string_view pipeline_text);
  friend struct RunList list_runs(const std::filesystem::path& root);

  std::filesystem::path path_;
  RunInfo info_;
  RunLock lock_;
};

struct RunList {
  std::vector<RunDirectory> runs;     ///< in the order in which they started
  std::vector<std::string> problems;  ///< messages about directories that can't be read
};

/// All runs in `root`; none if there is no such folder.
RunList list_runs(const std::filesystem::path& root);

}  // namespace weir::journal
