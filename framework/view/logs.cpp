#include "view/logs.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <tuple>
#include <unistd.h>

#include "journal/file.hpp"
#include "view/output.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = std::size_t{64} << 10U;

/// "12.out"
std::optional<LogFile> parse_name(const fs::path& path) {
  LogFile log;
  const std::string number = path.stem().string();
  const char* end = number.data() + number.size();
  const auto [at, error] = std::from_chars(number.data(), end, log.seq);
  const bool out = path.extension() == ".out";
  if (error != std::errc() || at != end || (!out && path.extension() != ".err")) {
    return std::nullopt;
  }
  log.stream = out ? journal::Stream::out : journal::Stream::err;
  log.path = path;
  return log;
}

}  // namespace

std::vector<LogFile> find_logs(const journal::RunDirectory& run,
                               const std::vector<std::string>& nodes) {
  std::vector<LogFile> logs;
  for (const std::string& node : nodes) {
    const std::size_t before = logs.size();
    std::error_code error;
    const fs::path folder = run.log_file(node, 1, journal::Stream::out).parent_path();
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      std::optional<LogFile> log = parse_name(at->path());
      if (!log) continue;
      log->node = node;
      logs.push_back(std::move(*log));
    }
    std::sort(logs.begin() + static_cast<std::ptrdiff_t>(before), logs.end(),
              [](const LogFile& a, const LogFile& b) {
                return std::tie(a.seq, a.stream) < std::tie(b.seq, b.stream);
              });
  }
  return logs;
}

LogPrinter::LogPrinter(int descriptor)
    : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1) {}

std::string LogPrinter::print(const fs::path& file, std::string_view title, bool is_complete) {
  std::uint64_t& shown = shown_[file];
  std::error_code ignored;
  if (fs::file_size(file, ignored) <= shown) return {};
  const journal::Descriptor from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from)
    return fmt::format("can't read '{}': {}", file.string(), journal::system_message(errno));
  std::string chunk;
  for (;;) {
    chunk.resize(kChunk);
    const ssize_t got = ::pread(from.get(), chunk.data(), chunk.size(), static_cast<off_t>(shown));
    if (got < 0) {
      return fmt::format("can't read '{}': {}", file.string(), journal::system_message(errno));
    }
    chunk.resize(static_cast<std::size_t>(got));
    if (is_terminal_ && !(is_complete && chunk.size() < kChunk)) {
      chunk.resize(whole_sequences(chunk));
    }
    if (chunk.empty()) return {};
    if (std::string error = show_title(file, title); !error.empty()) return error;
    if (std::string error = write(is_terminal_ ? harmless(chunk) : chunk); !error.empty()) {
      return error;
    }
    shown += chunk.size();
  }
}

std::string LogPrinter::show_title(const fs::path& file, std::string_view title) {
  if (file == last_) return {};
  last_ = file;
  if (title.empty()) return {};
  return write(
      fmt::format("{}{}==> {} <==\n", at_line_start_ ? "" : "\n", has_shown_ ? "\n" : "", title));
}

std::string LogPrinter::write(std::string_view text) {
  has_shown_ = true;
  at_line_start_ = text.ends_with('\n');
  const std::string error = write_all(descriptor_, text);
  return error.empty() ? "" : "can't write: " + error;
}

}  // namespace weir::view
