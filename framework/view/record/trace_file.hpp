#pragma once

/// Files that may be compressed by gzip.

#include <memory>
#include <string>
#include <string_view>

struct gzFile_s;

namespace weir::view {

/// Written beside its place, as NAME.part, and put there by `close`; links, pipes and devices as
/// journal::replace_file has them. Throws journal::Error.
class TraceFile {
 public:
  /// Compressed if the name ends in ".gz". "-": standard output.
  explicit TraceFile(std::string name);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  void write(std::string_view text);
  void close();

 private:
  [[noreturn]] void fail(int error) const;

  const std::string name_;
  std::string target_;
  std::string part_;  // empty: written directly
  gzFile_s* file_ = nullptr;
};

/// All of a file, uncompressed. Throws journal::Error.
std::string read_trace_file(const std::string& name);

/// Whether that is what a file begins with, uncompressed.
bool begins_with(const std::string& file, std::string_view text);

/// Whether a file of this name is one of a trace, and not a record: "x.json" or "x.json.gz".
bool is_trace_name(std::string_view name);

}  // namespace weir::view
