#pragma once

/// What commands wrote, out of the files of a run.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "journal/run_directory.hpp"

namespace weir::view {

struct LogFile {
  std::string node;
  std::int64_t seq = 0;  ///< the item's number at the node
  journal::Stream stream = journal::Stream::out;
  std::filesystem::path path;
};

/// The logs of these nodes that are there: in the order of the nodes, then of the items' numbers,
/// `out` before `err`.
std::vector<LogFile> find_logs(const journal::RunDirectory& run,
                               const std::vector<std::string>& nodes);

/// Shows files as they grow. What goes to a terminal can't upset it; what goes elsewhere is as it
/// was written.
class LogPrinter {
 public:
  explicit LogPrinter(int descriptor);

  /// Shows what has come to the file since the last time; if that isn't nothing, and another file
  /// was shown before, behind a line with `title` (none if that is empty). `is_complete`: nothing
  /// more will come, so that a character of which only a part is there need not be waited for. The
  /// result is an error of writing, or empty; a file that can't be read is shown as one.
  std::string print(const std::filesystem::path& file, std::string_view title, bool is_complete);

  /// Whether anything has been shown.
  bool has_shown() const { return has_shown_; }

 private:
  std::string write(std::string_view text);
  std::string show_title(const std::filesystem::path& file, std::string_view title);

  const int descriptor_;
  const bool is_terminal_;
  std::map<std::filesystem::path, std::uint64_t> shown_;  ///< bytes of each file
  std::filesystem::path last_;
  bool has_shown_ = false;
  bool at_line_start_ = true;
};

}  // namespace weir::view
