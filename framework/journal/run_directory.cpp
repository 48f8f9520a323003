#include "journal/run_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/item_log.hpp"
#include "journal/time.hpp"

namespace weir::journal {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOnlyOwner = 0700;
constexpr std::size_t kLongestName = 40;  // of the pipeline's name in an id

/// What of a pipeline's name can stand in a file's name and on a command line.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (plain.size() == kLongestName) break;
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.';
    if (fits) {
      plain += c;
    } else if (!plain.empty() && plain.back() != '-') {
      plain += '-';
    }
  }
  while (!plain.empty() && plain.back() == '-') plain.pop_back();
  return plain;
}

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("can't create '{}': {}", folder.string(), error.message()));
}

/// False: it is there already.
bool make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), kOnlyOwner) == 0) return true;
  if (errno == EEXIST) return false;
  throw Error(fmt::format("can't create '{}': {}", path.string(), system_message(errno)));
}

/// Replaced at once, so that it leads to a run at every moment. It only saves typing: where it
/// can't be (a file system without links), `open` finds the latest run without it.
void lead_latest_to(const std::string& id, const fs::path& root) {
  const fs::path beside = root / (".latest-" + id);
  if (::symlink(id.c_str(), beside.c_str()) != 0) return;
  if (std::rename(beside.c_str(), (root / "latest").c_str()) != 0) ::unlink(beside.c_str());
}

/// Whether it is an empty folder, or one in which a run began to be made and then died: that is the
/// same, and nobody has to remove it.
bool is_empty_or_begun(const fs::path& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name != "run.lock" && name != "pipeline.yaml" && name != "pipeline.yaml.part" &&
        name != "run.json.part") {
      return false;
    }
  }
  return !error;
}

}  // namespace

fs::path default_root() { return fs::path(".weir") / "runs"; }

RunDirectory RunDirectory::create(const fs::path& root, RunInfo info,
                                  std::string_view pipeline_text) {
  make_folders(root);
  std::string base = compact_time(info.started_ns);
  if (const std::string name = plain_name(info.pipeline); !name.empty()) base += "-" + name;
  info.id = base;
  for (int n = 2; !make_directory(root / info.id); ++n) info.id = fmt::format("{}-{}", base, n);
  fs::path path = root / info.id;
  RunDirectory run(std::move(path), std::move(info));
  run.fill_or_remove(pipeline_text);
  lead_latest_to(run.id(), root);
  return run;
}

RunDirectory RunDirectory::create_exactly(const fs::path& directory, RunInfo info,
                                          std::string_view pipeline_text) {
  fs::path path = directory.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // of "runs/one/"
  const fs::path absolute = fs::absolute(path).lexically_normal();
  make_folders(absolute.parent_path());
  const bool is_new = make_directory(absolute);
  if (!is_new && !is_empty_or_begun(absolute)) {
    throw Error(
        fmt::format("'{}' can't be the directory of a new run: it exists, and is not an "
                    "empty folder; name one that does not exist",
                    directory.string()));
  }
  info.id = absolute.has_filename() ? absolute.filename().string()
                                    : absolute.parent_path().filename().string();
  RunDirectory run(std::move(path), std::move(info));
  if (is_new) {
    run.fill_or_remove(pipeline_text);
  } else {
    run.fill(pipeline_text);
  }
  return run;
}

void RunDirectory::fill_or_remove(std::string_view pipeline_text) {
  try {
    fill(pipeline_text);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    throw;
  }
}

void RunDirectory::fill(std::string_view pipeline_text) {
  std::string error = take_lock();
  if (error.empty()) error = write_what_runs(pipeline_text);
  if (!error.empty()) throw Error(error);
}

std::string RunDirectory::write_what_runs(std::string_view pipeline_text) {
  info_.process = ::getpid();
  const std::string error = replace_file(pipeline_file(), pipeline_text, 0600);
  // The last one: with it, the directory is a run.
  return error.empty() ? replace_file(path_ / "run.json", to_json(info_), 0600) : error;
}

std::string RunDirectory::rewrite(RunInfo info, std::string_view pipeline_text) {
  info.id = std::move(info_.id);
  info.started_ns = info_.started_ns;
  info_ = std::move(info);
  return write_what_runs(pipeline_text);
}

RunDirectory RunDirectory::read(const fs::path& path) {
  const fs::path file = path / "run.json";
  RunInfo info = parse_run_info(read_file(file), file);
  return RunDirectory(path, std::move(info));
}

std::string RunDirectory::shown_name() const {
  const bool is_default = path_.parent_path() == default_root();
  return is_default ? info_.id : path_.string();
}

std::string RunDirectory::take_lock() {
  if (lock_) return {};
  std::string error;
  lock_ = RunLock::take(path_ / "run.lock", &error);
  return error;
}

bool RunDirectory::is_alive() const { return lock_ || RunLock::is_taken(path_ / "run.lock"); }

fs::path RunDirectory::log_file(std::string_view node, std::int64_t seq, Stream stream) const {
  return path_ / "logs" / log_folder(node) /
         fmt::format("{}.{}", seq, stream == Stream::out ? "out" : "err");
}

std::string RunDirectory::remove_summary() const {
  if (::unlink(summary_file().c_str()) == 0 || errno == ENOENT) return {};
  return fmt::format("can't remove '{}': {}", summary_file().string(), system_message(errno));
}

std::string RunDirectory::write_summary(std::string_view json) const {
  return replace_file(summary_file(), json, 0600);
}

}  // namespace weir::journal
