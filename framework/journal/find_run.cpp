#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>
#include <vector>

#include "journal/error.hpp"
#include "journal/run_directory.hpp"

namespace weir::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNamed = 5;  // runs that a message names

bool is_run(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / "run.json", ignored);
}

/// The ids in a folder, in order; "latest" is none.
std::vector<std::string> ids_in(const fs::path& root) {
  std::vector<std::string> ids;
  std::error_code error;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (!at->is_symlink(ignored) && is_run(at->path())) ids.push_back(at->path().filename());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

/// "A, B and 3 more"; the last of them.
std::string named(const std::vector<std::string>& ids) {
  const std::size_t count = std::min(ids.size(), kMostNamed);
  const std::vector<std::string> last(ids.rbegin(),
                                      ids.rbegin() + static_cast<std::ptrdiff_t>(count));
  std::string text = fmt::format("{}", fmt::join(last, ", "));
  if (ids.size() > count) text += fmt::format(" and {} more", ids.size() - count);
  return text;
}

std::string what_there_is(const std::vector<std::string>& ids, const fs::path& root) {
  if (ids.empty()) return fmt::format("there are no runs in '{}'", root.string());
  return fmt::format("in '{}' there {} {}", root.string(), ids.size() == 1 ? "is" : "are",
                     named(ids));
}

/// What is said of a run must still be true when "latest" is another one.
fs::path without_link(const fs::path& run) {
  std::error_code ignored;
  const fs::path given = run.has_filename() ? run : run.parent_path();
  const fs::path id = fs::read_symlink(given, ignored);
  return id.empty() ? run : given.parent_path() / id;
}

fs::path find_latest(const fs::path& root) {
  if (is_run(root / "latest")) return without_link(root / "latest");
  const RunList list = list_runs(root);
  if (list.runs.empty()) {
    throw UnknownRun(fmt::format("there are no runs in '{}'", root.string()));
  }
  return list.runs.back().path();
}

fs::path find(const std::string& which, const fs::path& root) {
  if (which == "latest") return find_latest(root);
  if (which.find('/') != std::string::npos) {
    if (is_run(which)) return without_link(which);
    throw UnknownRun(fmt::format("'{}' is not the directory of a run: it has no run.json", which));
  }
  const std::vector<std::string> ids = ids_in(root);
  std::vector<std::string> fitting;
  for (const std::string& id : ids) {
    if (id == which) return root / id;
    if (!which.empty() && id.starts_with(which)) fitting.push_back(id);
  }
  if (fitting.size() == 1) return root / fitting.front();
  if (!fitting.empty()) {
    throw UnknownRun(
        fmt::format("'{}' is the beginning of {} runs: {}", which, fitting.size(), named(fitting)));
  }
  if (!which.empty() && is_run(which)) return which;
  throw UnknownRun(fmt::format("there is no run '{}'; {}", which, what_there_is(ids, root)));
}

/// Of runs that started in the same microsecond, "x-2" comes before "x-10".
bool started_before(const RunDirectory& a, const RunDirectory& b) {
  if (a.info().started_ns != b.info().started_ns) return a.info().started_ns < b.info().started_ns;
  if (a.id().size() != b.id().size()) return a.id().size() < b.id().size();
  return a.id() < b.id();
}

}  // namespace

RunDirectory RunDirectory::open(const std::string& which, const fs::path& root) {
  return read(find(which, root));
}

RunList list_runs(const fs::path& root) {
  RunList list;
  for (const std::string& id : ids_in(root)) {
    try {
      list.runs.push_back(RunDirectory::read(root / id));
    } catch (const Error& error) {
      list.problems.emplace_back(error.what());
    }
  }
  std::sort(list.runs.begin(), list.runs.end(), started_before);
  return list;
}

}  // namespace weir::journal
