#pragma once

/// Files that appear whole or not at all.

#include <string>
#include <string_view>
#include <sys/types.h>

#include <weir/node.hpp>

namespace weir::nodes {

/// Writes beside a file's name (`NAME.part`) and renames when the run has come to its end. A path
/// that is there and isn't a regular file (a pipe, a device), or is weir's standard output (`-`),
/// is written directly and as soon as may be. Only one run at a time may write a file.
///
/// Every member throws std::runtime_error, naming the file, when it can't do its work.
class FileWriter {
 public:
  FileWriter() = default;
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void open(const std::string& path);
  /// Where whole lines are appended to. What is not flushed is written when the file is finished.
  std::string& buffer() { return buffer_; }
  /// Writes what is buffered. Of what can't be written whole, nothing is left in the file.
  void flush(Host& host);
  /// Of a complete run: the file gets its name. Otherwise what was written stays beside it, and
  /// `host` says so.
  void finish(Outcome outcome, Host& host);

 private:
  [[noreturn]] void fail(const char* what) const;
  bool is_direct() const { return written_ == path_; }
  bool is_standard_output() const { return path_ == "-"; }
  /// False: the file was finished by another run in between; try again.
  bool open_beside();

  std::string path_;     // as it was given, links followed
  std::string written_;  // what is being written
  std::string buffer_;
  off_t written_bytes_ = 0;  // whole lines of them
  int descriptor_ = -1;
};

}  // namespace weir::nodes
